import django.contrib.postgres.constraints
import django.db.models.deletion
import django.db.models.manager
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
            name='Roll',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('subject_kind', models.CharField(max_length=40, verbose_name='무엇의')),
                ('subject_id', models.UUIDField(verbose_name='무엇의 번호')),
                ('rule', models.JSONField(verbose_name='명부 규칙')),
                ('as_of', models.DateField(verbose_name='기준일')),
                ('state', models.CharField(choices=[('draft', '열람 중'), ('sealed', '확정'), ('dropped', '버림')], default='draft', max_length=7, verbose_name='상태')),
                ('drafted_at', models.DateTimeField(verbose_name='만든 시각')),
                ('objections_until', models.DateTimeField(verbose_name='이의 기한')),
                ('sealed_at', models.DateTimeField(null=True, verbose_name='확정 시각')),
                ('sha256', models.CharField(max_length=64, null=True, verbose_name='해시')),
                ('voting_count', models.IntegerField(default=0, verbose_name='투표할 사람 수')),
                ('unknown_count', models.IntegerField(default=0, verbose_name='나이를 확인하지 못한 사람 수')),
                ('replaces_why', models.CharField(blank=True, default='', max_length=500, verbose_name='바로잡는 까닭')),
                ('audit', models.UUIDField(verbose_name='감사 기록')),
            ],
            options={
                'verbose_name': '명부',
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='RollEntry',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('person', models.UUIDField(verbose_name='사람')),
                ('token', models.CharField(max_length=64, verbose_name='표시')),
                ('weight', models.IntegerField(default=1, verbose_name='표의 무게')),
                ('standing', models.CharField(choices=[('voting', '투표'), ('present_only', '참석만'), ('recused', '제척')], max_length=12, verbose_name='자격')),
                ('ground', models.CharField(choices=[('home', '거주'), ('works_in', '일터'), ('studies_in', '배움터'), ('member', '조합원'), ('objection', '이의로 올림'), ('synthetic', '가상')], max_length=10, verbose_name='근거')),
                ('part', models.CharField(blank=True, default='', max_length=10, verbose_name='행정동')),
                ('audit', models.UUIDField(verbose_name='감사 기록')),
            ],
            options={
                'verbose_name': '명부의 사람',
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='RollObjection',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('person', models.UUIDField(verbose_name='누구의')),
                ('kind', models.CharField(choices=[('missing', '빠졌어요'), ('wrong_part', '동이 달라요'), ('remove', '빼 주세요')], max_length=10, verbose_name='종류')),
                ('text', models.CharField(max_length=2000, verbose_name='내용')),
                ('granted', models.BooleanField(null=True, verbose_name='받아들임')),
                ('by', models.UUIDField(verbose_name='누가')),
                ('at', models.DateTimeField(verbose_name='때')),
                ('audit', models.UUIDField(verbose_name='감사 기록')),
            ],
            options={
                'verbose_name': '명부 이의',
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='RuleSet',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('subject_kind', models.CharField(max_length=40, verbose_name='무엇의')),
                ('subject_id', models.UUIDField(verbose_name='무엇의 번호')),
                ('text', models.TextField(verbose_name='규칙(정규 JSON)')),
                ('sha256', models.CharField(max_length=64, verbose_name='해시')),
                ('made_at', models.DateTimeField(verbose_name='고정한 시각')),
                ('audit', models.UUIDField(verbose_name='감사 기록')),
            ],
            options={
                'verbose_name': '고정한 규칙',
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='Recusal',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('subject_kind', models.CharField(max_length=40, verbose_name='무엇에서')),
                ('subject_id', models.UUIDField(verbose_name='무엇의 번호')),
                ('person', models.UUIDField(verbose_name='사람')),
                ('way', models.CharField(choices=[('exclusion', '제척'), ('challenge', '기피'), ('withdrawal', '회피')], max_length=10, verbose_name='갈래')),
                ('reason', models.CharField(blank=True, default='', max_length=500, verbose_name='까닭')),
                ('decided_by', models.UUIDField(null=True, verbose_name='정한 사람')),
                ('at', models.DateTimeField(verbose_name='때')),
                ('audit', models.UUIDField(verbose_name='감사 기록')),
            ],
            options={
                'verbose_name': '제척·기피·회피',
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
                'constraints': [models.UniqueConstraint(fields=('subject_kind', 'subject_id', 'person'), name='recusal_once_a_matter'), models.CheckConstraint(condition=models.Q(('way', 'withdrawal'), ('decided_by__isnull', False), models.Q(('reason', ''), _negated=True), _connector='OR'), name='recusal_of_another_has_a_reason')],
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='recusal',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='19eed5afe5e3638ad7b09d8fd5d7219baf86ce2a', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_fe9ad', table='governance_recusal', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='recusal',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'dure.append_only' USING ERRCODE = 'P0001';", hash='5af2a559a9ecbb9acfec5a12320d9f1274b352af', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_31203', table='governance_recusal', when='BEFORE')),
        ),
        migrations.AddField(
            model_name='roll',
            name='district',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.district', verbose_name='자치구'),
        ),
        migrations.AddField(
            model_name='roll',
            name='organisation',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.organisation', verbose_name='조직'),
        ),
        migrations.AddField(
            model_name='roll',
            name='replaces',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaced_by', to='governance.roll', verbose_name='바로잡는 명부'),
        ),
        migrations.AddField(
            model_name='rollentry',
            name='roll',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='governance.roll', verbose_name='명부'),
        ),
        migrations.AddField(
            model_name='rollobjection',
            name='decides',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='decision', to='governance.rollobjection', verbose_name='답하는 이의'),
        ),
        migrations.AddField(
            model_name='rollobjection',
            name='roll',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='objections', to='governance.roll', verbose_name='명부'),
        ),
        migrations.AddConstraint(
            model_name='ruleset',
            constraint=models.CheckConstraint(condition=models.Q(('sha256__regex', '^[0-9a-f]{64}$')), name='ruleset_hash_is_sha256'),
        ),
        migrations.AddConstraint(
            model_name='ruleset',
            constraint=models.UniqueConstraint(fields=('subject_kind', 'subject_id', 'sha256'), name='ruleset_frozen_once'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='ruleset',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='9784875f036ed2a95f55b94663e631e9f7d4f465', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_4f885', table='governance_ruleset', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='ruleset',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'dure.append_only' USING ERRCODE = 'P0001';", hash='48d1b214f74db051adfa59f91a8e1b5363f08aee', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_288a8', table='governance_ruleset', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='roll',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('sealed_at__isnull', False), ('sha256__isnull', False), ('state', 'sealed')), models.Q(models.Q(('state', 'sealed'), _negated=True), ('sealed_at__isnull', True), ('sha256__isnull', True)), _connector='OR'), name='roll_is_hashed_when_sealed'),
        ),
        migrations.AddConstraint(
            model_name='roll',
            constraint=models.CheckConstraint(condition=models.Q(('sha256__isnull', True), ('sha256__regex', '^[0-9a-f]{64}$'), _connector='OR'), name='roll_hash_is_sha256'),
        ),
        migrations.AddConstraint(
            model_name='roll',
            constraint=models.CheckConstraint(condition=models.Q(('objections_until__gte', models.F('drafted_at'))), name='roll_objections_end_after_the_draft'),
        ),
        migrations.AddConstraint(
            model_name='roll',
            constraint=models.CheckConstraint(condition=models.Q(('replaces__isnull', True), models.Q(('replaces_why', ''), _negated=True), _connector='OR'), name='roll_that_corrects_says_why'),
        ),
        migrations.AddConstraint(
            model_name='roll',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('state', 'draft')), expressions=(('subject_kind', '='), ('subject_id', '=')), name='roll_one_draft_a_matter'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='roll',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='15b02c627d6d5ca71a9a7bebe867d096065b8090', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_4ed40', table='governance_roll', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='rollentry',
            index=models.Index(fields=['person'], name='rollentry_by_person'),
        ),
        migrations.AddConstraint(
            model_name='rollentry',
            constraint=models.UniqueConstraint(fields=('roll', 'person'), name='rollentry_person_once'),
        ),
        migrations.AddConstraint(
            model_name='rollentry',
            constraint=models.UniqueConstraint(fields=('roll', 'token'), name='rollentry_token_once'),
        ),
        migrations.AddConstraint(
            model_name='rollentry',
            constraint=models.CheckConstraint(condition=models.Q(('token__regex', '^[0-9a-f]{64}$')), name='rollentry_token_is_keyed_hash'),
        ),
        migrations.AddConstraint(
            model_name='rollentry',
            constraint=models.CheckConstraint(condition=models.Q(('weight', 1)), name='rollentry_one_person_one_vote'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='rollentry',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='441ec3ca21c7251cd954780ea0b59ebb94c9f57f', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_50614', table='governance_rollentry', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='rollobjection',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decides__isnull', True), ('granted__isnull', True)), models.Q(('decides__isnull', False), ('granted__isnull', False)), _connector='OR'), name='rollobjection_is_asked_or_decided'),
        ),
        migrations.AddConstraint(
            model_name='rollobjection',
            constraint=models.UniqueConstraint(condition=models.Q(('decides__isnull', True)), fields=('roll', 'person', 'kind'), name='rollobjection_once_a_kind'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='rollobjection',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='e4333ca3e08837e99da3705322da5df99e9191eb', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_b4afb', table='governance_rollobjection', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='rollobjection',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'dure.append_only' USING ERRCODE = 'P0001';", hash='be4c30be1d32dd934b35d8d78a2f680fd5058411', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_d0ec8', table='governance_rollobjection', when='BEFORE')),
        ),
    ]
