import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import django.db.models.manager
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [('core', '0001_door')]

    operations = [
        migrations.CreateModel(
            name='AuditLine',
            fields=[
                ('seq', models.BigAutoField(primary_key=True, serialize=False)),
                ('id', models.UUIDField(default=uuid.uuid4, unique=True)),
                ('era', models.SmallIntegerField(default=1)),
                ('batch', models.BigIntegerField()),
                ('at', models.DateTimeField()),
                ('actor_kind', models.CharField(max_length=12)),
                ('actor', models.UUIDField(null=True)),
                ('actor_name', models.CharField(default='', max_length=60)),
                ('acting_for', models.UUIDField(null=True)),
                ('origin', models.CharField(max_length=60)),
                ('request', models.UUIDField(null=True)),
                ('action', models.CharField(max_length=80)),
                ('object', models.CharField(max_length=120, null=True)),
                ('organisation', models.UUIDField(null=True)),
                ('cause', models.UUIDField(null=True)),
                ('approval', models.UUIDField(null=True)),
                ('key', models.CharField(max_length=200, null=True)),
                ('key_actor', models.CharField(max_length=80, null=True)),
                ('key_organisation', models.UUIDField(null=True)),
                ('body_hash', models.CharField(max_length=64, null=True)),
                ('reason', models.CharField(max_length=500, null=True)),
                ('changes', models.JSONField(default=dict)),
                ('rule_versions', models.JSONField(default=list)),
                ('outcome', models.CharField(max_length=90)),
                ('result', models.JSONField(null=True)),
                ('digest', models.BinaryField(max_length=32)),
            ],
            options={
                'verbose_name': '감사 기록',
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='ExportRecord',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('actor_kind', models.CharField(max_length=12, verbose_name='받은 쪽')),
                ('actor', models.UUIDField(null=True, verbose_name='받은 사람')),
                ('kind', models.CharField(max_length=60, verbose_name='내용')),
                ('format', models.CharField(max_length=10, verbose_name='꼴')),
                ('query', models.JSONField(default=dict, verbose_name='조건')),
                ('columns', models.JSONField(default=list, verbose_name='열')),
                ('row_count', models.BigIntegerField(verbose_name='행 수')),
                ('size', models.BigIntegerField(verbose_name='크기')),
                ('sha256', models.CharField(max_length=64, verbose_name='해시')),
                ('reason', models.CharField(blank=True, default='', max_length=500, verbose_name='이유')),
                ('watermark', models.CharField(max_length=40, verbose_name='표지')),
                ('made_at', models.DateTimeField(verbose_name='만든 시각')),
                ('expires_at', models.DateTimeField(verbose_name='기한')),
                ('audit', models.UUIDField(verbose_name='감사 기록')),
            ],
            options={
                'verbose_name': '내려받은 기록',
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('person', models.UUIDField(verbose_name='받는 사람')),
                ('template', models.CharField(max_length=80, verbose_name='글')),
                ('places', models.JSONField(default=dict, verbose_name='자리')),
                ('channels', models.JSONField(default=list, verbose_name='통로')),
                ('urgency', models.CharField(choices=[('now', '바로'), ('day', '낮에'), ('digest', '모아서')], default='day', max_length=6, verbose_name='급함')),
                ('state', models.CharField(choices=[('waiting', '기다림'), ('sending', '보내는 중'), ('sent', '보냄'), ('desk', '창구에서 전함')], default='waiting', max_length=7, verbose_name='상태')),
                ('made_at', models.DateTimeField(verbose_name='쓴 시각')),
                ('due_at', models.DateTimeField(verbose_name='보낼 시각')),
                ('tries', models.SmallIntegerField(default=0, verbose_name='보낸 횟수')),
                ('taken_at', models.DateTimeField(null=True, verbose_name='집은 시각')),
                ('sent_at', models.DateTimeField(null=True, verbose_name='보낸 시각')),
                ('seen_at', models.DateTimeField(null=True, verbose_name='읽은 시각')),
                ('audit', models.UUIDField(verbose_name='감사 기록')),
            ],
            options={
                'verbose_name': '알림',
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='NoticePreference',
            fields=[
                ('person', models.UUIDField(editable=False, primary_key=True, serialize=False, verbose_name='사람')),
                ('mail', models.BooleanField(default=True, verbose_name='전자우편으로')),
                ('push', models.BooleanField(default=True, verbose_name='기기로')),
                ('digest', models.BooleanField(default=False, verbose_name='하루 한 번 모아서')),
                ('quiet_from', models.TimeField(null=True, verbose_name='조용한 시간 시작')),
                ('quiet_to', models.TimeField(null=True, verbose_name='조용한 시간 끝')),
                ('audit', models.UUIDField(verbose_name='감사 기록')),
            ],
            options={
                'verbose_name': '알림 설정',
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='Progress',
            fields=[
                ('job', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False, verbose_name='작업')),
                ('owner', models.UUIDField(null=True, verbose_name='맡긴 사람')),
                ('action', models.CharField(max_length=80, verbose_name='행위')),
                ('state', models.CharField(choices=[('waiting', '기다림'), ('running', '하는 중'), ('done', '끝남'), ('refused', '거절됨'), ('cancelled', '취소됨'), ('failed', '실패')], default='waiting', max_length=10, verbose_name='상태')),
                ('stage_ko', models.CharField(blank=True, default='', max_length=80, verbose_name='단계')),
                ('stage_en', models.CharField(blank=True, default='', max_length=80, verbose_name='단계(영어)')),
                ('done', models.BigIntegerField(default=0, verbose_name='한 만큼')),
                ('total', models.BigIntegerField(default=0, verbose_name='모두')),
                ('asked_at', models.DateTimeField(verbose_name='맡긴 시각')),
                ('started_at', models.DateTimeField(null=True, verbose_name='시작한 시각')),
                ('stage_at', models.DateTimeField(null=True, verbose_name='단계를 시작한 시각')),
                ('seen_at', models.DateTimeField(null=True, verbose_name='마지막으로 본 시각')),
                ('ended_at', models.DateTimeField(null=True, verbose_name='끝난 시각')),
                ('cancel_asked', models.BooleanField(default=False, verbose_name='취소를 바람')),
                ('line', models.UUIDField(null=True, verbose_name='감사 기록')),
                ('refusal', models.CharField(blank=True, default='', max_length=80, verbose_name='거절 코드')),
                ('refusal_ko', models.CharField(blank=True, default='', max_length=500, verbose_name='거절한 까닭')),
                ('refusal_en', models.CharField(blank=True, default='', max_length=500, verbose_name='거절한 까닭(영어)')),
            ],
            options={
                'verbose_name': '진행',
                'default_manager_name': 'rows',
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='PublishedHead',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('occasion', models.CharField(choices=[('day', '날'), ('release', '공표본')], max_length=10, verbose_name='까닭')),
                ('name', models.CharField(max_length=10, verbose_name='날 또는 공표본 번호')),
                ('chain', models.CharField(max_length=40, verbose_name='사슬')),
                ('number', models.BigIntegerField(verbose_name='번호')),
                ('digest', models.BinaryField(max_length=32, verbose_name='해시')),
                ('sealed_at', models.DateTimeField(verbose_name='봉인한 시각')),
                ('published_at', models.DateTimeField(verbose_name='알린 시각')),
                ('audit', models.UUIDField(verbose_name='감사 기록')),
            ],
            options={
                'verbose_name': '알린 머리',
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='Rule',
            fields=[
                ('key', models.CharField(max_length=80, primary_key=True, serialize=False)),
                ('ko', models.TextField()),
                ('en', models.TextField()),
                ('unit', models.CharField(max_length=20)),
                ('room', models.CharField(max_length=20)),
            ],
            options={
                'verbose_name': '규칙',
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='RuleVersion',
            fields=[
                ('seq', models.BigAutoField(primary_key=True, serialize=False)),
                ('id', models.UUIDField(default=uuid.uuid4, unique=True)),
                ('scope_kind', models.CharField(default='statute', max_length=12)),
                ('scope_id', models.CharField(default='', max_length=36)),
                ('value', models.JSONField()),
                ('valid', django.contrib.postgres.fields.ranges.DateRangeField()),
                ('source', models.TextField()),
                ('article', models.CharField(default='', max_length=120)),
                ('status', models.CharField(default='decided', max_length=20)),
                ('adopted_by', models.CharField(default='', max_length=120)),
                ('written_at', models.DateTimeField()),
                ('audit', models.UUIDField()),
            ],
            options={
                'verbose_name': '규칙 판',
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='Seal',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('chain', models.CharField(max_length=40, verbose_name='사슬')),
                ('number', models.BigIntegerField(verbose_name='번호')),
                ('batch_from', models.BigIntegerField(verbose_name='처음')),
                ('batch_to', models.BigIntegerField(verbose_name='끝')),
                ('row_count', models.IntegerField(verbose_name='행 수')),
                ('digest', models.BinaryField(max_length=32, verbose_name='해시')),
                ('sealed_at', models.DateTimeField(verbose_name='봉인한 시각')),
                ('audit', models.UUIDField(verbose_name='감사 기록')),
            ],
            options={
                'verbose_name': '봉인',
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='SealHead',
            fields=[
                ('chain', models.CharField(max_length=40, primary_key=True, serialize=False, verbose_name='사슬')),
                ('number', models.BigIntegerField(verbose_name='번호')),
                ('digest', models.BinaryField(max_length=32, verbose_name='해시')),
                ('horizon', models.BigIntegerField(verbose_name='어디까지')),
                ('sealed_at', models.DateTimeField(null=True, verbose_name='봉인한 시각')),
                ('published', models.JSONField(default=list, verbose_name='알린 곳')),
            ],
            options={
                'verbose_name': '봉인 머리',
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='Upload',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('owner', models.UUIDField(verbose_name='주인')),
                ('scope_kind', models.CharField(default='person', max_length=12, verbose_name='범위')),
                ('scope_id', models.CharField(max_length=40, verbose_name='범위 대상')),
                ('sha256', models.CharField(max_length=64, verbose_name='해시')),
                ('kind', models.CharField(max_length=40, verbose_name='종류')),
                ('size', models.BigIntegerField(verbose_name='크기')),
                ('encrypted_with', models.CharField(blank=True, default='', max_length=60, verbose_name='열쇠')),
                ('made_at', models.DateTimeField(verbose_name='받은 시각')),
                ('keep_until', models.DateField(null=True, verbose_name='보관 기한')),
                ('audit', models.UUIDField(verbose_name='감사 기록')),
            ],
            options={
                'verbose_name': '올린 파일',
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='ApiToken',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('person', models.UUIDField(verbose_name='준 사람')),
                ('label', models.CharField(max_length=100, verbose_name='이름')),
                ('purpose', models.CharField(choices=[('read', '읽기만'), ('registry', '조직 명부 일'), ('exchange', '수리·나눔 일'), ('budgeting', '주민참여예산 일'), ('indicators', '지표 일'), ('calendar', '내 달력 보여 주기'), ('all', '내가 할 수 있는 모든 일')], max_length=12, verbose_name='목적')),
                ('token_hash', models.CharField(max_length=64, unique=True, verbose_name='해시')),
                ('made_at', models.DateTimeField(verbose_name='만든 시각')),
                ('expires_at', models.DateTimeField(verbose_name='끝나는 시각')),
                ('revoked_at', models.DateTimeField(null=True, verbose_name='거둔 시각')),
                ('assured', models.BooleanField(default=False, verbose_name='추가 인증 뒤에 만듦')),
                ('audit', models.UUIDField(verbose_name='감사 기록')),
            ],
            options={
                'verbose_name': '접근 토큰',
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
                'indexes': [models.Index(fields=['person', 'made_at'], name='token_by_person')],
                'constraints': [models.CheckConstraint(condition=models.Q(('expires_at__gt', models.F('made_at'))), name='token_ends_after_it_began')],
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='apitoken',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='320aec9f73ddce536a26a7ee134094490d333c4a', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_14211', table='core_apitoken', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='auditline',
            index=models.Index(fields=['object', 'seq'], name='audit_by_object'),
        ),
        migrations.AddIndex(
            model_name='auditline',
            index=models.Index(fields=['actor', 'seq'], name='audit_by_actor'),
        ),
        migrations.AddIndex(
            model_name='auditline',
            index=models.Index(fields=['organisation', 'seq'], name='audit_by_organisation'),
        ),
        migrations.AddConstraint(
            model_name='auditline',
            constraint=models.UniqueConstraint(condition=models.Q(('key__isnull', False)), fields=('key_actor', 'key_organisation', 'action', 'key'), name='audit_key_used_once', nulls_distinct=False),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='auditline',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='fb554b2e2a1e033568e67adabd95287a5ed66b95', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_1d544', table='core_auditline', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='auditline',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'dure.append_only' USING ERRCODE = 'P0001';", hash='f0c3293a66c9c9e61ae2015263593eb0ae33a4e0', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_6f033', table='core_auditline', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='exportrecord',
            constraint=models.CheckConstraint(condition=models.Q(('expires_at__gt', models.F('made_at'))), name='export_ends_after_it_began'),
        ),
        migrations.AddConstraint(
            model_name='exportrecord',
            constraint=models.CheckConstraint(condition=models.Q(('row_count__gte', 0)), name='export_rows_not_negative'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='exportrecord',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='fe99277536a8484d0c3308a0cfb73402d19ebbb9', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_1f60d', table='core_exportrecord', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='exportrecord',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'dure.append_only' USING ERRCODE = 'P0001';", hash='b2f71c57e83ab38ea1b9493b3977ec8b5532ed5c', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_8907c', table='core_exportrecord', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='notice',
            index=models.Index(condition=models.Q(('state__in', ('waiting', 'sending'))), fields=['due_at'], name='notice_due'),
        ),
        migrations.AddIndex(
            model_name='notice',
            index=models.Index(fields=['person', 'made_at'], name='notice_by_person'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='notice',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='51c6522ba9c7a8e27ccd321fbfb2c47e99802de1', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_74af2', table='core_notice', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='noticepreference',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('quiet_from__isnull', True), ('quiet_to__isnull', True)), models.Q(('quiet_from__isnull', False), ('quiet_to__isnull', False)), _connector='OR'), name='preference_quiet_hours_have_both_ends'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='noticepreference',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='948c5eeb7acf779960c11cc3e1f5e649496678a9', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_4d21d', table='core_noticepreference', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='progress',
            index=models.Index(fields=['owner', 'asked_at'], name='progress_by_owner'),
        ),
        migrations.AddConstraint(
            model_name='publishedhead',
            constraint=models.UniqueConstraint(fields=('occasion', 'name', 'chain'), name='head_published_once_a_day_or_release'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='publishedhead',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='b243c5f099637a84a71d8871b90aa66cbaf460cf', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_2ed23', table='core_publishedhead', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='publishedhead',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'dure.append_only' USING ERRCODE = 'P0001';", hash='ac8afe34a686f32c8a86459607ea85a5c9d73b4d', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_7ab34', table='core_publishedhead', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='rule',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='3cfb331ac668cbab24c12aa69616381fab61a5d4', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_02bd3', table='core_rule', when='BEFORE')),
        ),
        migrations.AddField(
            model_name='ruleversion',
            name='rule',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='core.rule'),
        ),
        migrations.AddConstraint(
            model_name='seal',
            constraint=models.UniqueConstraint(fields=('chain', 'number'), name='seal_number_used_once'),
        ),
        migrations.AddConstraint(
            model_name='seal',
            constraint=models.CheckConstraint(condition=models.Q(('batch_to__gt', models.F('batch_from'))), name='seal_ends_after_it_began'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='seal',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='4e997e90f479eb7a2ab066f550169444aa564d91', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_3b3aa', table='core_seal', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='seal',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'dure.append_only' USING ERRCODE = 'P0001';", hash='cc488c37f09505e9ecaef0b98dfaa47a4f8e2a8f', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_e986a', table='core_seal', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='sealhead',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='51b2f6baf26a7970d38e1b754316bc90534ba1c6', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_64767', table='core_sealhead', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='upload',
            constraint=models.CheckConstraint(condition=models.Q(('size__gte', 0)), name='upload_size_not_negative'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='upload',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='f53c783fcd057f3c37e1a3133f6540967a01bb43', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_01d87', table='core_upload', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='ruleversion',
            index=models.Index(fields=['rule', 'scope_kind', 'scope_id'], name='rule_by_scope'),
        ),
        migrations.AddConstraint(
            model_name='ruleversion',
            constraint=models.CheckConstraint(condition=models.Q(('valid__isempty', False), ('valid__startswith__isnull', False)), name='rule_version_begins_on_a_day'),
        ),
        migrations.AddConstraint(
            model_name='ruleversion',
            constraint=models.CheckConstraint(condition=models.Q(('scope_kind__in', ('statute', 'city', 'district', 'template', 'bylaw'))), name='rule_version_scope_is_known'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='ruleversion',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='e1ca393b3dffd5ee333af3623251de988241a0d3', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_392f4', table='core_ruleversion', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='ruleversion',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'dure.append_only' USING ERRCODE = 'P0001';", hash='e969687ad4b6e75908996e0dcf675bc8624e908d', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_5d50a', table='core_ruleversion', when='BEFORE')),
        ),
    ]
