import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.manager
import dure.journal.models.events
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('registry', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Label',
            fields=[
                ('id', models.SmallAutoField(primary_key=True, serialize=False)),
                ('code', models.CharField(max_length=40, verbose_name='부호')),
                ('version', models.SmallIntegerField(verbose_name='판')),
                ('ko', models.CharField(max_length=60, verbose_name='이름')),
                ('en', models.CharField(max_length=60, verbose_name='영문 이름')),
                ('definition_ko', models.TextField(verbose_name='정의')),
                ('definition_en', models.TextField(verbose_name='영문 정의')),
                ('excluded_ko', models.TextField(verbose_name='빼는 것')),
                ('excluded_en', models.TextField(verbose_name='영문 빼는 것')),
                ('action', models.CharField(max_length=20, verbose_name='행위 낱말')),
                ('sector', models.CharField(max_length=12, verbose_name='분야')),
                ('unit', models.CharField(max_length=6, verbose_name='단위')),
                ('district_rule', models.CharField(choices=[('site', '일이 일어난 곳'), ('resident', '사는 곳'), ('buyer', '사는 쪽'), ('head_office', '본점'), ('city', '서울 전체')], max_length=12, verbose_name='자치구 규칙')),
                ('evidence_floor', models.CharField(choices=[('E', '추정'), ('A', '스스로 밝힘'), ('B', '상대가 확인함'), ('C', '계측 또는 제삼자')], max_length=1, verbose_name='가장 낮은 증거 등급')),
                ('additive', models.CharField(choices=[('sum', '더할 수 있음'), ('distinct', '겹침을 빼고 셈'), ('snapshot', '한때의 상태')], max_length=8, verbose_name='더하기')),
                ('disclosure', models.CharField(choices=[('org_public', '조직, 공개'), ('org_sensitive', '조직, 민감'), ('person', '사람')], max_length=14, verbose_name='공개 등급')),
                ('dims', models.JSONField(default=dict, verbose_name='구분')),
                ('codes', models.JSONField(default=dict, verbose_name='다른 체계의 부호')),
                ('serves', models.CharField(max_length=200, verbose_name='쓰임')),
                ('valid', django.contrib.postgres.fields.ranges.DateRangeField(verbose_name='기간')),
                ('audit', models.UUIDField(verbose_name='감사 기록')),
            ],
            options={
                'verbose_name': '표준 라벨',
                'ordering': ('code', 'version'),
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
                ('id', models.AutoField(primary_key=True, serialize=False)),
                ('seq_from', models.BigIntegerField(verbose_name='처음 번호')),
                ('seq_to', models.BigIntegerField(verbose_name='끝 번호')),
                ('row_count', models.BigIntegerField(verbose_name='줄 수')),
                ('previous', models.CharField(max_length=64, verbose_name='앞 머리 해시')),
                ('head', models.CharField(max_length=64, verbose_name='머리 해시')),
                ('sealed_at', models.DateTimeField(verbose_name='봉인 시각')),
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
            name='Factor',
            fields=[
                ('seq', models.BigAutoField(primary_key=True, serialize=False)),
                ('uid', models.UUIDField(default=uuid.uuid4, editable=False, verbose_name='이름표')),
                ('code', models.CharField(max_length=60, verbose_name='부호')),
                ('gas', models.CharField(default='CO2e', max_length=10, verbose_name='기체')),
                ('from_unit', models.CharField(max_length=6, verbose_name='무엇당')),
                ('micrograms', models.BigIntegerField(null=True, verbose_name='단위당 마이크로그램')),
                ('gwp_set', models.CharField(blank=True, default='', max_length=20, verbose_name='온난화 지수')),
                ('year', models.SmallIntegerField(verbose_name='기준 연도')),
                ('purpose', models.CharField(max_length=20, verbose_name='목적')),
                ('source', models.CharField(max_length=300, verbose_name='출처')),
                ('source_hash', models.CharField(max_length=64, verbose_name='파일 해시')),
                ('valid', django.contrib.postgres.fields.ranges.DateRangeField(verbose_name='기간')),
                ('uncertainty_ppm', models.BigIntegerField(null=True, verbose_name='불확실도(백만분율)')),
                ('reliability', models.SmallIntegerField(null=True, verbose_name='신뢰 등급(1–5)')),
                ('made_of', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), default=list, size=None, verbose_name='곱한 계수')),
                ('is_synthetic', models.BooleanField(default=False, verbose_name='가상 자료')),
                ('recorded_at', models.DateTimeField(verbose_name='적은 시각')),
                ('audit', models.UUIDField(verbose_name='감사 기록')),
            ],
            options={
                'verbose_name': '환산 계수',
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
                'indexes': [models.Index(fields=['code', 'purpose'], name='factor_by_code')],
                'constraints': [models.UniqueConstraint(fields=('uid',), name='factor_uid_once'), models.UniqueConstraint(fields=('code', 'purpose', 'year', 'source_hash', 'made_of'), name='factor_once_per_source'), models.CheckConstraint(condition=models.Q(('micrograms__isnull', True), ('micrograms__gte', 0), _connector='OR'), name='factor_is_not_negative'), models.CheckConstraint(condition=models.Q(('reliability__isnull', True), ('reliability__range', (1, 5)), _connector='OR'), name='factor_reliability_from_1_to_5'), models.CheckConstraint(condition=models.Q(('source', ''), _negated=True), name='factor_names_its_source')],
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='Event',
            fields=[
                ('seq', models.BigAutoField(primary_key=True, serialize=False)),
                ('uid', models.UUIDField(default=uuid.uuid4, editable=False, verbose_name='이름표')),
                ('action', models.CharField(max_length=20, verbose_name='행위 낱말')),
                ('sector', models.CharField(max_length=12, verbose_name='분야')),
                ('district', models.CharField(max_length=5, verbose_name='자치구')),
                ('giver_key', models.BinaryField(max_length=16, null=True, verbose_name='준 사람 가명 키')),
                ('taker_key', models.BinaryField(max_length=16, null=True, verbose_name='받은 사람 가명 키')),
                ('dims', models.JSONField(null=True, verbose_name='구분')),
                ('case_id', models.UUIDField(null=True, verbose_name='사건 묶음')),
                ('sign', models.SmallIntegerField(default=1, verbose_name='부호(더하기·빼기)')),
                ('qty', models.BigIntegerField(verbose_name='수량')),
                ('unit', models.CharField(max_length=6, verbose_name='단위')),
                ('began', models.DateTimeField(verbose_name='시작')),
                ('ended', models.DateTimeField(verbose_name='끝')),
                ('on_date', models.GeneratedField(db_persist=True, expression=dure.journal.models.events.SeoulDate(models.F('ended')), output_field=models.DateField(), verbose_name='날짜')),
                ('amount', models.BigIntegerField(null=True, verbose_name='지급액(원)')),
                ('transfer', models.UUIDField(null=True, verbose_name='원장 이체')),
                ('evidence', models.CharField(choices=[('E', '추정'), ('A', '스스로 밝힘'), ('B', '상대가 확인함'), ('C', '계측 또는 제삼자')], max_length=1, verbose_name='증거 등급')),
                ('proof', models.UUIDField(null=True, verbose_name='증빙')),
                ('gco2e', models.BigIntegerField(null=True, verbose_name='온실가스(gCO2e)')),
                ('care', models.BooleanField(default=False, verbose_name='돌봄')),
                ('correction', models.CharField(choices=[('reversal', '취소'), ('restatement', '정정')], max_length=11, null=True, verbose_name='바로잡는 방법')),
                ('reason', models.CharField(choices=[('typo', '잘못 적음'), ('duplicate', '두 번 적음'), ('withdrawn', '철회함'), ('outcome_changed', '결과가 달라짐'), ('confirmed', '상대가 확인함'), ('source_restated', '원자료가 바뀜'), ('factor_added', '계수를 새로 얻음')], max_length=20, null=True, verbose_name='이유')),
                ('source', models.CharField(max_length=120, verbose_name='출처')),
                ('recorded_at', models.DateTimeField(verbose_name='적은 시각')),
                ('audit', models.UUIDField(verbose_name='감사 기록')),
                ('corrects', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, to='journal.event', verbose_name='바로잡는 사건')),
                ('org', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.organisation', verbose_name='조직')),
                ('other_org', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.organisation', verbose_name='상대 조직')),
                ('factor', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, to='journal.factor', verbose_name='계수')),
            ],
            options={
                'verbose_name': '사건',
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='factor',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='c30eff977eeff0515dac50d7dfa7aec3be5dbc65', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_2a498', table='journal_factor', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='factor',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'dure.append_only' USING ERRCODE = 'P0001';", hash='7e005d6bbdd995da2d356d98330696c9a52cce22', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_4c9d8', table='journal_factor', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='label',
            constraint=models.UniqueConstraint(fields=('code', 'version'), name='label_version_once'),
        ),
        migrations.AddConstraint(
            model_name='label',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=(('code', '='), ('valid', '&&')), name='label_versions_do_not_overlap'),
        ),
        migrations.AddConstraint(
            model_name='label',
            constraint=models.CheckConstraint(condition=models.Q(('version__gte', 1)), name='label_version_from_one'),
        ),
        migrations.AddConstraint(
            model_name='label',
            constraint=models.CheckConstraint(condition=models.Q(('code__regex', '^[a-z]+(\\.[a-z_]+)+$')), name='label_code_is_dotted'),
        ),
        migrations.AddField(
            model_name='event',
            name='label',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='journal.label', verbose_name='라벨'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='label',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='6f9b02afc76a8f9afe1c7cfce67b24f1e3226b29', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_f4d26', table='journal_label', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='seal',
            constraint=models.UniqueConstraint(fields=('seq_to',), name='seal_position_once'),
        ),
        migrations.AddConstraint(
            model_name='seal',
            constraint=models.UniqueConstraint(fields=('previous',), name='seal_follows_one_head'),
        ),
        migrations.AddConstraint(
            model_name='seal',
            constraint=models.CheckConstraint(condition=models.Q(('row_count__gte', 1)), name='seal_holds_a_row'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='seal',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='f27cef660e5b306928e832ab77fefa1ee07fb0b9', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_93a1b', table='journal_seal', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='seal',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'dure.append_only' USING ERRCODE = 'P0001';", hash='2d29aa3047004050d77bed50db1c7e8c661275e2', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_3b26c', table='journal_seal', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='event',
            index=models.Index(fields=['label', 'on_date', 'district'], name='event_by_label_day'),
        ),
        migrations.AddIndex(
            model_name='event',
            index=models.Index(condition=models.Q(('case_id__isnull', False)), fields=['case_id'], name='event_by_case'),
        ),
        migrations.AddIndex(
            model_name='event',
            index=django.contrib.postgres.indexes.BrinIndex(fields=['recorded_at'], name='event_by_recording'),
        ),
        migrations.AddConstraint(
            model_name='event',
            constraint=models.UniqueConstraint(fields=('uid',), name='event_uid_once'),
        ),
        migrations.AddConstraint(
            model_name='event',
            constraint=models.UniqueConstraint(fields=('source',), name='event_source_once'),
        ),
        migrations.AddConstraint(
            model_name='event',
            constraint=models.UniqueConstraint(fields=('corrects', 'correction'), name='event_corrected_once_each_way'),
        ),
        migrations.AddConstraint(
            model_name='event',
            constraint=models.CheckConstraint(condition=models.Q(('qty__gte', 0)), name='event_qty_is_not_negative'),
        ),
        migrations.AddConstraint(
            model_name='event',
            constraint=models.CheckConstraint(condition=models.Q(('sign', 1), models.Q(('correction', 'reversal'), ('correction__isnull', False), ('sign', -1)), _connector='OR'), name='event_is_negative_only_as_a_reversal'),
        ),
        migrations.AddConstraint(
            model_name='event',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('correction', 'reversal'), _negated=True), ('sign', -1), _connector='OR'), name='event_reversal_is_negative'),
        ),
        migrations.AddConstraint(
            model_name='event',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('correction__isnull', True), ('corrects__isnull', True), ('reason__isnull', True)), models.Q(('correction__isnull', False), ('corrects__isnull', False), ('reason__isnull', False)), _connector='OR'), name='event_correction_names_what_how_and_why'),
        ),
        migrations.AddConstraint(
            model_name='event',
            constraint=models.CheckConstraint(condition=models.Q(('began__lte', models.F('ended'))), name='event_begins_before_it_ends'),
        ),
        migrations.AddConstraint(
            model_name='event',
            constraint=models.CheckConstraint(condition=models.Q(('ended__lte', models.Func(models.F('recorded_at'), output_field=models.DateTimeField(), template="(%(expressions)s + interval '5 minutes')"))), name='event_is_not_in_the_future'),
        ),
        migrations.AddConstraint(
            model_name='event',
            constraint=models.CheckConstraint(condition=models.Q(('evidence__in', ('E', 'A')), ('proof__isnull', False), _connector='OR'), name='event_of_class_b_or_c_has_proof'),
        ),
        migrations.AddConstraint(
            model_name='event',
            constraint=models.CheckConstraint(condition=models.Q(('evidence__in', ('E', 'A', 'B', 'C'))), name='event_has_a_class'),
        ),
        migrations.AddConstraint(
            model_name='event',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('factor__isnull', True), ('gco2e__isnull', True)), models.Q(('factor__isnull', False), ('gco2e__isnull', False)), _connector='OR'), name='event_has_factor_and_grams_or_neither'),
        ),
        migrations.AddConstraint(
            model_name='event',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('amount__isnull', True), ('transfer__isnull', True)), models.Q(('amount__isnull', False), ('transfer__isnull', False)), _connector='OR'), name='event_has_amount_and_transfer_or_neither'),
        ),
        migrations.AddConstraint(
            model_name='event',
            constraint=models.CheckConstraint(condition=models.Q(('district__regex', '^[0-9]{5}$')), name='event_district_is_a_code'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='event',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='4c3a8c7115b55af0a721b3fef27382c257c01c5e', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_638a7', table='journal_event', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='event',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'dure.append_only' USING ERRCODE = 'P0001';", hash='932ded0047c758e2afda96a4a1981932ba1e0cf2', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_b6bcd', table='journal_event', when='BEFORE')),
        ),
    ]
