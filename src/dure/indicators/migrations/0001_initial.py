import django.db.models.deletion
import django.db.models.manager
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Check',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rule', models.CharField(max_length=40, verbose_name='검사')),
                ('passed', models.BooleanField(verbose_name='통과')),
                ('faults', models.IntegerField(default=0, verbose_name='어긴 단위 수')),
                ('worst_cell', models.CharField(default='', max_length=120, verbose_name='가장 나쁜 단위')),
                ('audit', models.UUIDField()),
            ],
            options={
                'verbose_name': '검사',
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='Definition',
            fields=[
                ('code', models.CharField(max_length=8, primary_key=True, serialize=False, verbose_name='코드')),
                ('heading', models.CharField(choices=[('economy', '경제'), ('society', '사회'), ('environment', '환경'), ('governance', '거버넌스'), ('seoul', '서울')], max_length=12, verbose_name='분야')),
                ('audit', models.UUIDField()),
            ],
            options={
                'verbose_name': '지표',
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='DefinitionVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveSmallIntegerField(verbose_name='판')),
                ('valid_from', models.DateField(verbose_name='첫날')),
                ('name_ko', models.CharField(max_length=60, verbose_name='이름')),
                ('name_en', models.CharField(max_length=80, verbose_name='영문 이름')),
                ('unit', models.CharField(max_length=16, verbose_name='단위')),
                ('tile', models.PositiveSmallIntegerField(default=0, verbose_name='대시보드 자리')),
                ('aggregation', models.CharField(max_length=10, verbose_name='합치는 방법')),
                ('disclosure', models.CharField(max_length=1, verbose_name='공개 등급')),
                ('measured', models.BooleanField(default=False, verbose_name='재고 있음')),
                ('recomputable', models.BooleanField(default=False, verbose_name='공개 자료로 다시 계산')),
                ('numerator', models.TextField(default='', verbose_name='분자')),
                ('denominator', models.TextField(default='', verbose_name='분모')),
                ('known', models.TextField(default='', verbose_name='아는 부분')),
                ('all_of', models.TextField(default='', verbose_name='알아야 할 부분')),
                ('coverage', models.CharField(default='', max_length=10, verbose_name='포함률')),
                ('floor_rule', models.CharField(default='', max_length=80, verbose_name='포함률 규칙')),
                ('k_rule', models.CharField(default='', max_length=80, verbose_name='소수 기준 규칙')),
                ('fte_rule', models.CharField(default='', max_length=80, verbose_name='전일제 규칙')),
                ('scale', models.PositiveIntegerField(default=1, verbose_name='배수')),
                ('digits', models.PositiveSmallIntegerField(default=0, verbose_name='소수 자리')),
                ('better', models.CharField(default='more', max_length=4, verbose_name='나은 쪽')),
                ('target_ppm', models.BigIntegerField(null=True, verbose_name='목표')),
                ('grid', models.TextField(default='period@city@-', verbose_name='공표 단위표')),
                ('grain_ko', models.CharField(max_length=120, verbose_name='단위표 설명')),
                ('grain_en', models.CharField(max_length=120, verbose_name='단위표 영문 설명')),
                ('what_ko', models.TextField(verbose_name='무엇')),
                ('what_en', models.TextField(verbose_name='영문 설명')),
                ('excluded_ko', models.TextField(verbose_name='빼는 것')),
                ('excluded_en', models.TextField(verbose_name='영문 빼는 것')),
                ('labels', models.JSONField(default=list, verbose_name='표준 라벨')),
                ('external', models.JSONField(default=list, verbose_name='외부 코드')),
                ('factors', models.CharField(default='', max_length=120, verbose_name='계수')),
                ('adopted_by', models.CharField(default='', max_length=120, verbose_name='정한 곳')),
                ('digest', models.CharField(max_length=64, verbose_name='내용 지문')),
                ('audit', models.UUIDField()),
            ],
            options={
                'verbose_name': '지표 정의',
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='Observation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('breakdown', models.CharField(default='', max_length=60)),
                ('grain', models.CharField(max_length=7)),
                ('period', models.CharField(max_length=7)),
                ('place', models.CharField(max_length=5)),
                ('num', models.BigIntegerField(null=True)),
                ('den', models.BigIntegerField(null=True)),
                ('state', models.CharField(default='', max_length=2)),
                ('reason', models.CharField(default='', max_length=16)),
                ('coverage_ppm', models.IntegerField(null=True)),
                ('contributors', models.IntegerField(null=True)),
                ('rows_read', models.IntegerField(default=0)),
                ('audit', models.UUIDField()),
            ],
            options={
                'verbose_name': '관측값',
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='Release',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('period', models.CharField(max_length=7, verbose_name='기간')),
                ('since', models.CharField(max_length=7, verbose_name='첫 달')),
                ('vintage', models.CharField(choices=[('1', '1차(첫 공표)'), ('2', '2차(수정)'), ('F', '최종')], max_length=1, verbose_name='차수')),
                ('synthetic', models.BooleanField(default=False, verbose_name='지어낸 자료')),
                ('drafted_by', models.UUIDField(verbose_name='초안 작성자')),
                ('drafted_at', models.DateTimeField(verbose_name='초안 시각')),
                ('audit', models.UUIDField()),
            ],
            options={
                'verbose_name': '공표본',
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='ReleaseCell',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=8, verbose_name='지표')),
                ('breakdown', models.CharField(default='', max_length=60, verbose_name='나눔')),
                ('grain', models.CharField(max_length=7, verbose_name='주기')),
                ('period', models.CharField(max_length=7, verbose_name='기간')),
                ('place', models.CharField(max_length=5, verbose_name='곳')),
                ('num', models.BigIntegerField(null=True, verbose_name='분자')),
                ('den', models.BigIntegerField(null=True, verbose_name='분모')),
                ('value', models.CharField(default='', max_length=24, verbose_name='값')),
                ('state', models.CharField(default='', max_length=2, verbose_name='상태')),
                ('reason', models.CharField(default='', max_length=16, verbose_name='이유')),
                ('coverage_ppm', models.IntegerField(null=True, verbose_name='포함률')),
                ('leaf', models.BinaryField(max_length=32, verbose_name='지문')),
                ('audit', models.UUIDField()),
            ],
            options={
                'verbose_name': '공표 단위',
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='ReleaseFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('path', models.CharField(max_length=120, verbose_name='경로')),
                ('content', models.BinaryField(verbose_name='내용')),
                ('digest', models.CharField(max_length=64, verbose_name='지문')),
                ('audit', models.UUIDField()),
            ],
            options={
                'verbose_name': '공표 파일',
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='ReleaseJob',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('verb', models.CharField(max_length=10, verbose_name='일')),
                ('job', models.UUIDField(unique=True, verbose_name='작업')),
                ('asked_at', models.DateTimeField(verbose_name='맡긴 시각')),
                ('audit', models.UUIDField()),
            ],
            options={
                'verbose_name': '공표본의 작업',
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='ReleaseStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ordinal', models.PositiveSmallIntegerField(verbose_name='순서')),
                ('state', models.CharField(choices=[('drafted', '초안'), ('computed', '계산됨'), ('checked', '검사 통과'), ('blocked', '막힘'), ('approved', '승인됨'), ('frozen', '공표됨'), ('superseded', '새 차수가 있음')], max_length=10, verbose_name='상태')),
                ('at', models.DateTimeField(verbose_name='시각')),
                ('actor', models.UUIDField(null=True, verbose_name='한 사람')),
                ('root', models.CharField(default='', max_length=64, verbose_name='단위 지문')),
                ('number', models.PositiveIntegerField(null=True, verbose_name='공표 번호')),
                ('head', models.CharField(default='', max_length=64, verbose_name='공표 지문')),
                ('previous', models.CharField(default='', max_length=64, verbose_name='앞 공표 지문')),
                ('zip_size', models.PositiveIntegerField(null=True, verbose_name='묶음 크기')),
                ('zip_digest', models.CharField(default='', max_length=64, verbose_name='묶음 지문')),
                ('audit', models.UUIDField()),
            ],
            options={
                'verbose_name': '공표 단계',
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='ReleaseVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('audit', models.UUIDField()),
            ],
            options={
                'verbose_name': '공표본의 정의',
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='Run',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('at', models.DateTimeField(verbose_name='시각')),
                ('cut_seq', models.BigIntegerField(verbose_name='자료 기준 번호')),
                ('cut_day', models.DateField(verbose_name='자료 기준일')),
                ('events', models.BigIntegerField(verbose_name='읽은 사건 수')),
                ('late', models.BigIntegerField(default=0, verbose_name='늦은 사건 수')),
                ('code_hash', models.CharField(max_length=64, verbose_name='계산 코드 지문')),
                ('factors', models.JSONField(default=list, verbose_name='쓴 계수')),
                ('root', models.CharField(max_length=64, verbose_name='단위 지문')),
                ('audit', models.UUIDField()),
            ],
            options={
                'verbose_name': '계산',
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='definition',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='b2a9b6931d4905ecc154a10c170bee0df2026f2f', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_b66ee', table='indicators_definition', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='definition',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'dure.append_only' USING ERRCODE = 'P0001';", hash='a50f7113c5c6283d6fb7ce183e8b02befd1cd4f2', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_d7da9', table='indicators_definition', when='BEFORE')),
        ),
        migrations.AddField(
            model_name='definitionversion',
            name='definition',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='indicators.definition'),
        ),
        migrations.AddField(
            model_name='observation',
            name='version',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='indicators.definitionversion'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='release',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='19d2620d09f6fc9f329905e3d87d266b43a259c1', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_24b45', table='indicators_release', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='release',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'dure.append_only' USING ERRCODE = 'P0001';", hash='d7ce2e0fefbcf0d12cc50a399317992582ff0e29', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_9a980', table='indicators_release', when='BEFORE')),
        ),
        migrations.AddField(
            model_name='releasecell',
            name='release',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cells', to='indicators.release'),
        ),
        migrations.AddField(
            model_name='releasecell',
            name='version',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='indicators.definitionversion'),
        ),
        migrations.AddField(
            model_name='releasefile',
            name='release',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='files', to='indicators.release'),
        ),
        migrations.AddField(
            model_name='releasejob',
            name='release',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='jobs', to='indicators.release'),
        ),
        migrations.AddField(
            model_name='releasestep',
            name='release',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='indicators.release'),
        ),
        migrations.AddField(
            model_name='releaseversion',
            name='release',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='indicators.release'),
        ),
        migrations.AddField(
            model_name='releaseversion',
            name='version',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='indicators.definitionversion'),
        ),
        migrations.AddField(
            model_name='run',
            name='release',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='runs', to='indicators.release'),
        ),
        migrations.AddField(
            model_name='releasestep',
            name='run',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to='indicators.run'),
        ),
        migrations.AddField(
            model_name='observation',
            name='run',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='observations', to='indicators.run'),
        ),
        migrations.AddField(
            model_name='check',
            name='run',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='checks', to='indicators.run'),
        ),
        migrations.AddConstraint(
            model_name='definitionversion',
            constraint=models.UniqueConstraint(fields=('definition', 'version'), name='definition_version_stands_once'),
        ),
        migrations.AddConstraint(
            model_name='definitionversion',
            constraint=models.UniqueConstraint(fields=('definition', 'valid_from'), name='definition_has_one_version_a_day'),
        ),
        migrations.AddConstraint(
            model_name='definitionversion',
            constraint=models.CheckConstraint(condition=models.Q(('measured', False), models.Q(('labels', []), _negated=True), _connector='OR'), name='measured_definition_names_its_labels'),
        ),
        migrations.AddConstraint(
            model_name='definitionversion',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('aggregation', 'ratio'), _negated=True), ('measured', False), models.Q(('denominator', ''), _negated=True), models.Q(('fte_rule', ''), _negated=True), _connector='OR'), name='measured_ratio_has_a_denominator'),
        ),
        migrations.AddConstraint(
            model_name='definitionversion',
            constraint=models.CheckConstraint(condition=models.Q(('labels__contains', ['indicator.released']), _negated=True), name='definition_does_not_read_releases'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='definitionversion',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='0b7a082cf24339fc64c8895b88a6034c9297fdfc', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_64829', table='indicators_definitionversion', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='definitionversion',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'dure.append_only' USING ERRCODE = 'P0001';", hash='f2611a7459efe54114006314d9d6e48b1c2ba597', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_408e5', table='indicators_definitionversion', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='releasecell',
            index=models.Index(fields=['release', 'place', 'code'], name='release_cells_of_a_place'),
        ),
        migrations.AddIndex(
            model_name='releasecell',
            index=models.Index(fields=['release', 'code', 'period'], name='release_cells_of_a_period'),
        ),
        migrations.AddConstraint(
            model_name='releasecell',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', ''), ('num__isnull', False)), models.Q(models.Q(('state', ''), _negated=True), ('num__isnull', True)), _connector='OR'), name='release_cell_has_a_number_only_as_value'),
        ),
        migrations.AddConstraint(
            model_name='releasecell',
            constraint=models.CheckConstraint(condition=models.Q(('state', ''), models.Q(('coverage_ppm__isnull', True), ('den__isnull', True)), _connector='OR'), name='release_cell_without_value_shows_nothing_else'),
        ),
        migrations.AddConstraint(
            model_name='releasecell',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['', ':', ':c', ':z'])), name='release_cell_has_one_of_four_states'),
        ),
        migrations.AddConstraint(
            model_name='releasecell',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', ':'), models.Q(('reason', ''), _negated=True)), models.Q(models.Q(('state', ':'), _negated=True), ('reason', '')), _connector='OR'), name='release_cell_missing_says_why'),
        ),
        migrations.AddConstraint(
            model_name='releasecell',
            constraint=models.CheckConstraint(condition=models.Q(('reason__in', ['', 'no_report', 'no_factor', 'late_source', 'not_collected', 'budget_spent'])), name='release_cell_reason_is_from_the_list'),
        ),
        migrations.AddConstraint(
            model_name='releasecell',
            constraint=models.CheckConstraint(condition=models.Q(('den__isnull', True), ('den__gt', 0), _connector='OR'), name='release_cell_denominator_is_positive'),
        ),
        migrations.AddConstraint(
            model_name='releasecell',
            constraint=models.UniqueConstraint(fields=('release', 'version', 'breakdown', 'grain', 'period', 'place'), name='release_cell_stands_once'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='releasecell',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='636bab45073b3395f6867a5a4b1fc25f14d7fbf3', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_3a01b', table='indicators_releasecell', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='releasecell',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'dure.append_only' USING ERRCODE = 'P0001';", hash='e6527d32b1f2dfe8e069cc6c0621b117fd51c6a0', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_f41a4', table='indicators_releasecell', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='releasefile',
            constraint=models.UniqueConstraint(fields=('release', 'path'), name='release_file_stands_once'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='releasefile',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='e8bae1b643bdd6ec5a0a17e6b71539cbd88886d1', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_99862', table='indicators_releasefile', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='releasefile',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'dure.append_only' USING ERRCODE = 'P0001';", hash='d280b259ae70c0a76d384e94f5edfccdc00fb5bd', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_2b530', table='indicators_releasefile', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='releasejob',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='c6924133bb4de17adaaac18418534b62965ff29e', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_3816d', table='indicators_releasejob', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='releasejob',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'dure.append_only' USING ERRCODE = 'P0001';", hash='58a54720b6a060fd1530f73835d9d6af0730a977', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_f4a33', table='indicators_releasejob', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='releaseversion',
            constraint=models.UniqueConstraint(fields=('release', 'version'), name='release_names_a_definition_once'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='releaseversion',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='271f4b8b073bde38c67646d627d717c0a8ba170e', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_b3027', table='indicators_releaseversion', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='releaseversion',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'dure.append_only' USING ERRCODE = 'P0001';", hash='ac2cbee4cec5c0c2a2c153a7d1efd614c9b00c9c', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_e8426', table='indicators_releaseversion', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='run',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='43018d1e4682f0006059a3c5b981848fb63c2187', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_07315', table='indicators_run', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='run',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'dure.append_only' USING ERRCODE = 'P0001';", hash='9aa2c35e668f1b156726da8291d3bfea284fa0a8', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_0b11d', table='indicators_run', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='releasestep',
            constraint=models.UniqueConstraint(fields=('release', 'ordinal'), name='release_steps_follow_one_another'),
        ),
        migrations.AddConstraint(
            model_name='releasestep',
            constraint=models.UniqueConstraint(fields=('number',), name='release_number_is_given_once'),
        ),
        migrations.AddConstraint(
            model_name='releasestep',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'frozen')), fields=('previous',), name='release_chain_does_not_fork'),
        ),
        migrations.AddConstraint(
            model_name='releasestep',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('head__regex', '^[0-9a-f]{64}$'), ('number__isnull', False), ('state', 'frozen'), ('previous__regex', '^[0-9a-f]{64}$')), models.Q(models.Q(('state', 'frozen'), _negated=True), ('head', ''), ('number__isnull', True), ('previous', '')), _connector='OR'), name='only_a_frozen_release_has_number_and_head'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='releasestep',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='e8b08c55221c8b9aeb5f843c9d41d8563b15bbc8', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_37854', table='indicators_releasestep', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='releasestep',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'dure.append_only' USING ERRCODE = 'P0001';", hash='a452e112755a39cb1674644d3dc49278e033e211', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_89c31', table='indicators_releasestep', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='observation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', ''), ('num__isnull', False)), models.Q(models.Q(('state', ''), _negated=True), ('num__isnull', True)), _connector='OR'), name='observation_has_a_number_only_as_value'),
        ),
        migrations.AddConstraint(
            model_name='observation',
            constraint=models.CheckConstraint(condition=models.Q(('state', ''), models.Q(('coverage_ppm__isnull', True), ('den__isnull', True)), _connector='OR'), name='observation_without_value_shows_nothing_else'),
        ),
        migrations.AddConstraint(
            model_name='observation',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['', ':', ':c', ':z'])), name='observation_has_one_of_four_states'),
        ),
        migrations.AddConstraint(
            model_name='observation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', ':'), models.Q(('reason', ''), _negated=True)), models.Q(models.Q(('state', ':'), _negated=True), ('reason', '')), _connector='OR'), name='observation_missing_says_why'),
        ),
        migrations.AddConstraint(
            model_name='observation',
            constraint=models.CheckConstraint(condition=models.Q(('reason__in', ['', 'no_report', 'no_factor', 'late_source', 'not_collected', 'budget_spent'])), name='observation_reason_is_from_the_list'),
        ),
        migrations.AddConstraint(
            model_name='observation',
            constraint=models.CheckConstraint(condition=models.Q(('den__isnull', True), ('den__gt', 0), _connector='OR'), name='observation_denominator_is_positive'),
        ),
        migrations.AddConstraint(
            model_name='observation',
            constraint=models.UniqueConstraint(fields=('run', 'version', 'breakdown', 'grain', 'period', 'place'), name='observation_stands_once_in_a_run'),
        ),
        migrations.AddConstraint(
            model_name='observation',
            constraint=models.CheckConstraint(condition=models.Q(('contributors__isnull', True), models.Q(('contributors__gte', 0), ('rows_read__gte', 0)), _connector='OR'), name='observation_counts_are_counts'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='observation',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='6510017ac0eea5b72c5b26e519cd3bffb2509348', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_2dfd5', table='indicators_observation', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='observation',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'dure.append_only' USING ERRCODE = 'P0001';", hash='40a027c2c53c41a878d5a54ed4c5051ba749c95f', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_84368', table='indicators_observation', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='check',
            constraint=models.UniqueConstraint(fields=('run', 'rule'), name='check_is_asked_once_of_a_run'),
        ),
        migrations.AddConstraint(
            model_name='check',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('faults', 0), ('passed', True)), models.Q(('faults__gt', 0), ('passed', False)), _connector='OR'), name='check_passes_without_faults_only'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='check',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='53f3cd5fd1db3004263762a4733eede05c05b8cb', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_65a69', table='indicators_check', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='check',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'dure.append_only' USING ERRCODE = 'P0001';", hash='be76c858ea9a7750dd0931781e10b1f6d0dc740f', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_87490', table='indicators_check', when='BEFORE')),
        ),
    ]
