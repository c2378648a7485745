import django.contrib.postgres.constraints
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
                ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('scope_kind', models.CharField(default='statute', max_length=12)),
                ('scope_id', models.CharField(default='', max_length=36)),
                ('value', models.JSONField()),
                ('valid', django.contrib.postgres.fields.ranges.DateRangeField()),
                ('source', models.TextField()),
                ('article', models.CharField(default='', max_length=120)),
                ('status', models.CharField(default='decided', max_length=20)),
                ('adopted_by', models.CharField(default='', max_length=120)),
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
                'indexes': [models.Index(fields=['object', 'seq'], name='audit_by_object'), models.Index(fields=['actor', 'seq'], name='audit_by_actor'), models.Index(fields=['organisation', 'seq'], name='audit_by_organisation')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('key__isnull', False)), fields=('key_actor', 'key_organisation', 'action', 'key'), name='audit_key_used_once', nulls_distinct=False)],
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='auditline',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(func='PERFORM dure_require_action(); RETURN NULL;', hash='fc8376a43c39d403e3f7eefe076c1111afb9ec61', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_1d544', table='core_auditline', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='auditline',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'dure.append_only' USING ERRCODE = 'P0001';", hash='f0c3293a66c9c9e61ae2015263593eb0ae33a4e0', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_6f033', table='core_auditline', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='rule',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(func='PERFORM dure_require_action(); RETURN NULL;', hash='3ba4cdf7e6739ba451eb30352cb94760af4bc4de', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_02bd3', table='core_rule', when='BEFORE')),
        ),
        migrations.AddField(
            model_name='ruleversion',
            name='rule',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='core.rule'),
        ),
        migrations.AddConstraint(
            model_name='ruleversion',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('rule', '='), ('scope_kind', '='), ('scope_id', '='), ('valid', '&&')], name='rule_versions_do_not_overlap'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='ruleversion',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(func='PERFORM dure_require_action(); RETURN NULL;', hash='06a123a9f015151b7d9c03b7dda3d532cac033be', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_392f4', table='core_ruleversion', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='ruleversion',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'dure.append_only' USING ERRCODE = 'P0001';", hash='e969687ad4b6e75908996e0dcf675bc8624e908d', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_5d50a', table='core_ruleversion', when='BEFORE')),
        ),
    ]
