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
            name='Timer',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('transition', models.CharField(max_length=20, verbose_name='옮김')),
                ('due_at', models.DateTimeField(verbose_name='때')),
                ('fired_at', models.DateTimeField(null=True, verbose_name='울린 때')),
                ('audit', models.UUIDField(verbose_name='감사 기록')),
            ],
            options={
                'verbose_name': '알람',
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='Agreement',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('process', models.CharField(max_length=20, verbose_name='절차')),
                ('version', models.SmallIntegerField(verbose_name='판')),
                ('state', models.CharField(max_length=20, verbose_name='상태')),
                ('case_id', models.UUIDField(verbose_name='사건 묶음')),
                ('terms', models.JSONField(verbose_name='내용')),
                ('opened_at', models.DateTimeField(verbose_name='시작 시각')),
                ('entered_at', models.DateTimeField(verbose_name='상태가 된 시각')),
                ('closed_at', models.DateTimeField(null=True, verbose_name='끝난 시각')),
                ('external_ref', models.CharField(max_length=80, null=True, verbose_name='바깥 번호')),
                ('external_digest', models.CharField(max_length=64, null=True, verbose_name='바깥 내용 해시')),
                ('audit', models.UUIDField(verbose_name='감사 기록')),
                ('district', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.district', verbose_name='자치구')),
                ('organisation', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.organisation', verbose_name='조직')),
                ('parent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='exchange.agreement', verbose_name='윗 약속')),
            ],
            options={
                'verbose_name': '약속',
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='Attestation',
            fields=[
                ('seq', models.BigAutoField(primary_key=True, serialize=False)),
                ('uid', models.UUIDField(default=uuid.uuid4, editable=False, verbose_name='이름표')),
                ('by', models.UUIDField(null=True, verbose_name='누가')),
                ('role', models.CharField(max_length=20, verbose_name='역할')),
                ('kind', models.CharField(choices=[('outcome', '결과'), ('confirm', '확인'), ('dispute', '이의'), ('correct', '바로잡음')], max_length=8, verbose_name='종류')),
                ('value', models.JSONField(verbose_name='값')),
                ('made_at', models.DateTimeField(verbose_name='때')),
                ('audit', models.UUIDField(verbose_name='감사 기록')),
                ('agreement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attestations', to='exchange.agreement')),
            ],
            options={
                'verbose_name': '확인',
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='Party',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('role', models.CharField(max_length=20, verbose_name='역할')),
                ('person', models.UUIDField(verbose_name='사람')),
                ('acted_for', models.UUIDField(null=True, verbose_name='대신한 사람')),
                ('audit', models.UUIDField(verbose_name='감사 기록')),
                ('agreement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='parties', to='exchange.agreement')),
            ],
            options={
                'verbose_name': '당사자',
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='Pool',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('order_cycle', '주문 회차'), ('settlement_month', '정산 달'), ('clearing_round', '교환 회차'), ('event_queue', '모임'), ('home_offer', '입주 모집'), ('fund_call', '기금 공모')], max_length=16, verbose_name='종류')),
                ('title', models.CharField(max_length=200, verbose_name='이름')),
                ('place', models.CharField(blank=True, default='', max_length=200, verbose_name='곳')),
                ('opens', models.DateTimeField(verbose_name='시작')),
                ('closes', models.DateTimeField(verbose_name='끝')),
                ('provider', models.CharField(blank=True, default='', max_length=200, verbose_name='자료를 준 곳')),
                ('country', models.CharField(blank=True, default='KOR', max_length=3, verbose_name='나라')),
                ('external_ref', models.CharField(max_length=300, null=True, verbose_name='바깥 번호')),
                ('cancelled', models.BooleanField(default=False, verbose_name='취소됨')),
                ('is_synthetic', models.BooleanField(default=False, verbose_name='가상 자료')),
                ('created_at', models.DateTimeField(verbose_name='만든 시각')),
                ('audit', models.UUIDField(verbose_name='감사 기록')),
                ('district', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.district', verbose_name='자치구')),
                ('organisation', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.organisation', verbose_name='여는 조직')),
            ],
            options={
                'verbose_name': '모음',
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.AddField(
            model_name='agreement',
            name='pool',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='agreements', to='exchange.pool', verbose_name='모음'),
        ),
        migrations.CreateModel(
            name='Spec',
            fields=[
                ('id', models.SmallAutoField(primary_key=True, serialize=False)),
                ('scheme', models.CharField(max_length=20, verbose_name='체계')),
                ('code', models.CharField(max_length=20, verbose_name='부호')),
                ('kind', models.CharField(choices=[('skill', '기술'), ('service', '서비스'), ('item', '물건'), ('food', '먹거리'), ('energy', '에너지'), ('dwelling', '집'), ('ride', '이동')], max_length=8, verbose_name='종류')),
                ('ko', models.CharField(max_length=60, verbose_name='이름')),
                ('en', models.CharField(max_length=60, verbose_name='영문 이름')),
                ('label', models.CharField(max_length=40, verbose_name='표준 라벨')),
                ('unit', models.CharField(max_length=6, verbose_name='단위')),
                ('audit', models.UUIDField(verbose_name='감사 기록')),
            ],
            options={
                'verbose_name': '품목·기술',
                'ordering': ('scheme', 'code'),
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
                'constraints': [models.UniqueConstraint(fields=('scheme', 'code'), name='spec_code_once_a_scheme')],
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.AddField(
            model_name='agreement',
            name='spec',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='exchange.spec', verbose_name='품목'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='spec',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN (split_part(current_setting('dure.action', true), '@', 2) IS DISTINCT FROM pg_current_xact_id()::text)", func='PERFORM dure_require_action(); RETURN NULL;', hash='0ed07941d7fe39d2562974e8dd0b6aa96c848916', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_ed17d', table='exchange_spec', when='BEFORE')),
        ),
        migrations.AddField(
            model_name='timer',
            name='agreement',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='timers', to='exchange.agreement'),
        ),
        migrations.AddConstraint(
            model_name='attestation',
            constraint=models.UniqueConstraint(fields=('uid',), name='attestation_uid_once'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='attestation',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN (split_part(current_setting('dure.action', true), '@', 2) IS DISTINCT FROM pg_current_xact_id()::text)", func='PERFORM dure_require_action(); RETURN NULL;', hash='154409b154d29a1514e78526410e946eeaecfc40', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_c5ca0', table='exchange_attestation', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='attestation',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'dure.append_only' USING ERRCODE = 'P0001';", hash='c747826f4268bc0feba1d607b63373d044eba2f9', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_693ec', table='exchange_attestation', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='party',
            index=models.Index(fields=['person'], name='party_by_person'),
        ),
        migrations.AddConstraint(
            model_name='party',
            constraint=models.UniqueConstraint(fields=('agreement', 'role', 'person'), name='party_holds_a_role_once'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='party',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN (split_part(current_setting('dure.action', true), '@', 2) IS DISTINCT FROM pg_current_xact_id()::text)", func='PERFORM dure_require_action(); RETURN NULL;', hash='a4dac229a5cd2180c2113963eccddec08a779a79', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_3e2e1', table='exchange_party', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='pool',
            index=models.Index(fields=['kind', 'district', '-opens'], name='pool_by_place_and_time'),
        ),
        migrations.AddConstraint(
            model_name='pool',
            constraint=models.CheckConstraint(condition=models.Q(('closes__gt', models.F('opens'))), name='pool_closes_after_it_opens'),
        ),
        migrations.AddConstraint(
            model_name='pool',
            constraint=models.UniqueConstraint(fields=('kind', 'external_ref'), name='pool_came_in_once'),
        ),
        migrations.AddConstraint(
            model_name='pool',
            constraint=models.CheckConstraint(condition=models.Q(('organisation__isnull', False), ('external_ref__isnull', False), _connector='OR'), name='pool_has_a_host_or_a_source'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='pool',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN (split_part(current_setting('dure.action', true), '@', 2) IS DISTINCT FROM pg_current_xact_id()::text)", func='PERFORM dure_require_action(); RETURN NULL;', hash='8bdf169301ba7fa73f1ea8677bf7be01c0040148', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_f8dfe', table='exchange_pool', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='agreement',
            constraint=models.CheckConstraint(condition=models.Q(('process', 'repair'), ('state__in', ['submitted', 'queued', 'assigned', 'in_repair', 'assessed', 'review', 'handed_back', 'declined', 'expired', 'withdrawn', 'voided']), ('version', 1)), name='agreement_state_is_of_its_process'),
        ),
        migrations.AddConstraint(
            model_name='agreement',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', False), ('process', 'repair'), ('state__in', ['handed_back', 'declined', 'expired', 'withdrawn', 'voided']), ('version', 1)), models.Q(('closed_at__isnull', True), ('process', 'repair'), ('state__in', ['submitted', 'queued', 'assigned', 'in_repair', 'assessed', 'review']), ('version', 1)), _connector='OR'), name='agreement_is_closed_only_at_its_end'),
        ),
        migrations.AddConstraint(
            model_name='agreement',
            constraint=models.UniqueConstraint(fields=('process', 'external_ref'), name='agreement_came_in_once'),
        ),
        migrations.AddConstraint(
            model_name='agreement',
            constraint=models.CheckConstraint(condition=models.Q(('organisation__isnull', False), ('external_ref__isnull', False), _connector='OR'), name='agreement_has_a_host_or_a_source'),
        ),
        migrations.AddConstraint(
            model_name='agreement',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('external_digest__isnull', True), ('external_ref__isnull', True)), models.Q(('external_digest__isnull', False), ('external_ref__isnull', False)), _connector='OR'), name='agreement_from_outside_keeps_its_content_hash'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='agreement',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN (split_part(current_setting('dure.action', true), '@', 2) IS DISTINCT FROM pg_current_xact_id()::text)", func='PERFORM dure_require_action(); RETURN NULL;', hash='2e4c4196ea726b4a17067c3b9680830295831986', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_b3f11', table='exchange_agreement', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='timer',
            index=models.Index(condition=models.Q(('fired_at__isnull', True)), fields=['due_at'], name='timer_by_due'),
        ),
        migrations.AddConstraint(
            model_name='timer',
            constraint=models.UniqueConstraint(condition=models.Q(('fired_at__isnull', True)), fields=('agreement', 'transition'), name='timer_open_once_a_transition'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='timer',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN (split_part(current_setting('dure.action', true), '@', 2) IS DISTINCT FROM pg_current_xact_id()::text)", func='PERFORM dure_require_action(); RETURN NULL;', hash='3c64251feae4f890afa56a8fe774dbc9837ddd63', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_8db4c', table='exchange_timer', when='BEFORE')),
        ),
    ]
