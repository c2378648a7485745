import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.manager
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('governance', '0001_initial'),
        ('registry', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Award',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('amount_won', models.BigIntegerField(verbose_name='정해진 돈(원)')),
                ('position', models.SmallIntegerField(verbose_name='뽑힌 차례')),
                ('at', models.DateTimeField(verbose_name='때')),
                ('audit', models.UUIDField(verbose_name='감사 기록')),
            ],
            options={
                'verbose_name': '뽑힌 사업',
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='MergeOffer',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('text', models.CharField(max_length=1000, verbose_name='까닭')),
                ('state', models.CharField(choices=[('open', '동의를 기다림'), ('done', '합쳐짐'), ('refused', '거절됨')], default='open', max_length=7, verbose_name='상태')),
                ('offered_by', models.UUIDField(verbose_name='권한 사람')),
                ('offered_at', models.DateTimeField(verbose_name='권한 시각')),
                ('decided_at', models.DateTimeField(null=True, verbose_name='정해진 시각')),
                ('audit', models.UUIDField(verbose_name='감사 기록')),
            ],
            options={
                'verbose_name': '합치기 권유',
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='Moderation',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('target', models.CharField(choices=[('proposal', '제안'), ('comment', '댓글'), ('photo', '사진')], max_length=8, verbose_name='무엇을')),
                ('target_id', models.CharField(max_length=40, verbose_name='무엇의 번호')),
                ('hidden', models.BooleanField(verbose_name='가림')),
                ('reason_code', models.CharField(max_length=20, verbose_name='까닭 부호')),
                ('reason', models.CharField(max_length=500, verbose_name='까닭')),
                ('by', models.UUIDField(verbose_name='누가')),
                ('at', models.DateTimeField(verbose_name='때')),
                ('audit', models.UUIDField(verbose_name='감사 기록')),
            ],
            options={
                'verbose_name': '글 살피기',
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='Call',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('title', models.CharField(max_length=100, verbose_name='이름')),
                ('title_en', models.CharField(blank=True, default='', max_length=100, verbose_name='영문 이름')),
                ('about', models.TextField(blank=True, default='', verbose_name='안내')),
                ('about_en', models.TextField(blank=True, default='', verbose_name='영문 안내')),
                ('year', models.SmallIntegerField(verbose_name='예산 연도')),
                ('template', models.CharField(blank=True, default='', max_length=40, verbose_name='틀')),
                ('dong', models.CharField(blank=True, default='', max_length=10, verbose_name='행정동 코드')),
                ('state', models.CharField(choices=[('draft', '준비 중'), ('open', '제안 받는 중'), ('reviewing', '검토 중'), ('listed', '사업 목록 공개'), ('frozen', '규칙 고정'), ('voting', '투표 중'), ('counting', '개표 중'), ('published', '결과 공개'), ('following', '사후관리'), ('closed', '끝남'), ('void', '취소됨')], default='draft', max_length=9, verbose_name='상태')),
                ('ballot_kind', models.CharField(choices=[('approval', '여러 개 고르기'), ('choose-1', '하나 고르기'), ('cumulative', '점수 나누기'), ('ordinal', '순위 매기기'), ('knapsack', '금액 안에서 고르기')], max_length=10, verbose_name='투표 방법')),
                ('marks_min', models.SmallIntegerField(default=0, verbose_name='고를 수(적어도)')),
                ('marks_max', models.SmallIntegerField(null=True, verbose_name='고를 수(많아야)')),
                ('points_max', models.IntegerField(null=True, verbose_name='한 사업 점수(많아야)')),
                ('points_sum', models.IntegerField(null=True, verbose_name='점수 합(많아야)')),
                ('spend_max_won', models.BigIntegerField(null=True, verbose_name='고른 금액 합(많아야)')),
                ('may_revote', models.BooleanField(default=True, verbose_name='마감까지 바꿀 수 있음')),
                ('paper_allowed', models.BooleanField(default=True, verbose_name='종이 투표')),
                ('links_allowed', models.BooleanField(default=False, verbose_name='묶음·배제 사업')),
                ('leftover', models.CharField(choices=[('keep', '남김'), ('to_city', '전체로 넘김')], default='keep', max_length=7, verbose_name='남은 돈')),
                ('rule', models.JSONField(verbose_name='개표 규칙')),
                ('roll_rule', models.JSONField(verbose_name='명부 규칙')),
                ('similar_ppm', models.IntegerField(verbose_name='비슷한 제안 기준(백만분율)')),
                ('silent_days', models.SmallIntegerField(verbose_name='보고 없는 날수')),
                ('seed_commit', models.CharField(max_length=64, null=True, verbose_name='추첨 씨앗의 약속')),
                ('seed_public_source', models.CharField(blank=True, default='', max_length=200, verbose_name='섞을 공개 값의 출처')),
                ('seed_public_value', models.CharField(blank=True, default='', max_length=200, verbose_name='섞은 공개 값')),
                ('seed_revealed', models.CharField(max_length=64, null=True, verbose_name='밝힌 씨앗')),
                ('void_reason', models.CharField(blank=True, default='', max_length=1000, verbose_name='취소한 까닭')),
                ('is_synthetic', models.BooleanField(default=False, verbose_name='가상 자료')),
                ('imported_from', models.CharField(blank=True, default='', max_length=200, verbose_name='가져온 곳')),
                ('made_at', models.DateTimeField(verbose_name='만든 시각')),
                ('frozen_at', models.DateTimeField(null=True, verbose_name='고정한 시각')),
                ('entered_at', models.DateTimeField(verbose_name='상태가 된 시각')),
                ('audit', models.UUIDField(verbose_name='감사 기록')),
                ('district', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.district', verbose_name='자치구')),
                ('organisation', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.organisation', verbose_name='기금의 조직')),
                ('roll', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='governance.roll', verbose_name='명부')),
                ('rule_set', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='governance.ruleset', verbose_name='고정한 규칙')),
            ],
            options={
                'verbose_name': '공모',
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='CallChange',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=60, verbose_name='무엇')),
                ('old', models.TextField(blank=True, default='', verbose_name='앞의 값')),
                ('new', models.TextField(blank=True, default='', verbose_name='바뀐 값')),
                ('why', models.CharField(max_length=500, verbose_name='까닭')),
                ('by', models.UUIDField(null=True, verbose_name='누가')),
                ('at', models.DateTimeField(verbose_name='때')),
                ('audit', models.UUIDField(verbose_name='감사 기록')),
                ('call', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='changes', to='budgeting.call', verbose_name='공모')),
            ],
            options={
                'verbose_name': '공모의 바뀜',
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='Envelope',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('code', models.CharField(max_length=20, verbose_name='부호')),
                ('name', models.CharField(max_length=60, verbose_name='이름')),
                ('name_en', models.CharField(blank=True, default='', max_length=60, verbose_name='영문 이름')),
                ('amount_won', models.BigIntegerField(verbose_name='금액(원)')),
                ('part', models.CharField(blank=True, default='', max_length=10, verbose_name='투표하는 동(비면 모두)')),
                ('position', models.SmallIntegerField(default=0, verbose_name='차례')),
                ('audit', models.UUIDField(verbose_name='감사 기록')),
                ('call', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='envelopes', to='budgeting.call', verbose_name='공모')),
            ],
            options={
                'verbose_name': '재원 한도',
                'ordering': ('position', 'code'),
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='Field',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('code', models.CharField(max_length=20, verbose_name='부호')),
                ('name', models.CharField(max_length=60, verbose_name='이름')),
                ('name_en', models.CharField(blank=True, default='', max_length=60, verbose_name='영문 이름')),
                ('marks_max', models.SmallIntegerField(null=True, verbose_name='고를 수(많아야)')),
                ('amount_max_won', models.BigIntegerField(null=True, verbose_name='금액(많아야, 원)')),
                ('position', models.SmallIntegerField(default=0, verbose_name='차례')),
                ('audit', models.UUIDField(verbose_name='감사 기록')),
                ('call', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='fields', to='budgeting.call', verbose_name='공모')),
            ],
            options={
                'verbose_name': '분야',
                'ordering': ('position', 'code'),
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='Flag',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('silent', '보고 없음'), ('late', '늦음'), ('concern', '살펴봐야 함')], max_length=7, verbose_name='종류')),
                ('raised', models.BooleanField(verbose_name='세움')),
                ('why', models.CharField(blank=True, default='', max_length=500, verbose_name='까닭')),
                ('by', models.UUIDField(null=True, verbose_name='누가')),
                ('at', models.DateTimeField(verbose_name='때')),
                ('audit', models.UUIDField(verbose_name='감사 기록')),
                ('award', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='flags', to='budgeting.award')),
            ],
            options={
                'verbose_name': '표시',
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='MergeConsent',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('person', models.UUIDField(verbose_name='사람')),
                ('agrees', models.BooleanField(verbose_name='동의')),
                ('at', models.DateTimeField(verbose_name='때')),
                ('audit', models.UUIDField(verbose_name='감사 기록')),
                ('offer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='consents', to='budgeting.mergeoffer')),
            ],
            options={
                'verbose_name': '합치기 답',
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='Milestone',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('title', models.CharField(max_length=100, verbose_name='할 일')),
                ('due_on', models.DateField(verbose_name='기한')),
                ('done_on', models.DateField(null=True, verbose_name='마친 날')),
                ('position', models.SmallIntegerField(default=0, verbose_name='차례')),
                ('audit', models.UUIDField(verbose_name='감사 기록')),
                ('award', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='milestones', to='budgeting.award')),
            ],
            options={
                'verbose_name': '이정표',
                'ordering': ('position', 'due_on'),
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='AwardReport',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('text', models.CharField(max_length=2000, verbose_name='내용')),
                ('delay_code', models.CharField(blank=True, default='', max_length=30, verbose_name='늦어진 까닭 부호')),
                ('next_due_on', models.DateField(null=True, verbose_name='새 기한')),
                ('photos', models.JSONField(default=list, verbose_name='사진')),
                ('by', models.UUIDField(verbose_name='누가')),
                ('at', models.DateTimeField(verbose_name='때')),
                ('audit', models.UUIDField(verbose_name='감사 기록')),
                ('award', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reports', to='budgeting.award')),
                ('milestone', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reports', to='budgeting.milestone')),
            ],
            options={
                'verbose_name': '진행 보고',
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='ModerationAppeal',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('text', models.CharField(max_length=1000, verbose_name='말')),
                ('by', models.UUIDField(verbose_name='쓴 사람')),
                ('at', models.DateTimeField(verbose_name='때')),
                ('audit', models.UUIDField(verbose_name='감사 기록')),
                ('moderation', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='appeal', to='budgeting.moderation')),
            ],
            options={
                'verbose_name': '가림에 대한 이의',
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='MoneyBallot',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('channel', models.CharField(choices=[('online', '온라인'), ('paper', '종이')], max_length=6, verbose_name='경로')),
                ('items', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), size=None, verbose_name='고른 사업')),
                ('points', django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), null=True, size=None, verbose_name='점수')),
                ('audit', models.UUIDField(verbose_name='감사 기록')),
                ('call', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='ballots', to='budgeting.call', verbose_name='공모')),
                ('envelope', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='ballots', to='budgeting.envelope', verbose_name='재원')),
            ],
            options={
                'verbose_name': '표',
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='PaperBatch',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('code', models.CharField(max_length=20, verbose_name='묶음')),
                ('part', models.CharField(blank=True, default='', max_length=10, verbose_name='행정동')),
                ('made_by', models.UUIDField(verbose_name='누가')),
                ('made_at', models.DateTimeField(verbose_name='때')),
                ('audit', models.UUIDField(verbose_name='감사 기록')),
                ('call', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='batches', to='budgeting.call', verbose_name='공모')),
            ],
            options={
                'verbose_name': '종이 표 묶음',
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='PaperEntry',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('person', models.UUIDField(verbose_name='누가')),
                ('take', models.SmallIntegerField(verbose_name='몇 번째')),
                ('slips', models.JSONField(verbose_name='적은 표')),
                ('is_done', models.BooleanField(default=True, verbose_name='다 적음')),
                ('at', models.DateTimeField(verbose_name='때')),
                ('audit', models.UUIDField(verbose_name='감사 기록')),
                ('batch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='budgeting.paperbatch', verbose_name='묶음')),
            ],
            options={
                'verbose_name': '종이 표 입력',
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='PaperLook',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('serial', models.CharField(max_length=20, verbose_name='일련번호')),
                ('slip', models.JSONField(null=True, verbose_name='적은 표')),
                ('person', models.UUIDField(verbose_name='누가')),
                ('at', models.DateTimeField(verbose_name='때')),
                ('audit', models.UUIDField(verbose_name='감사 기록')),
                ('batch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='looks', to='budgeting.paperbatch', verbose_name='묶음')),
            ],
            options={
                'verbose_name': '종이 표 다시 보기',
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='PaperMatch',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('slips', models.IntegerField(verbose_name='표')),
                ('by', models.UUIDField(verbose_name='누가')),
                ('at', models.DateTimeField(verbose_name='때')),
                ('audit', models.UUIDField(verbose_name='감사 기록')),
                ('batch', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='match', to='budgeting.paperbatch', verbose_name='묶음')),
            ],
            options={
                'verbose_name': '종이 표 맞춤',
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='Phase',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('proposing', '제안'), ('reviewing', '검토'), ('listing', '목록 공개와 명부 열람'), ('voting', '투표'), ('counting', '개표')], max_length=9, verbose_name='단계')),
                ('during', django.contrib.postgres.fields.ranges.DateTimeRangeField(verbose_name='기간')),
                ('audit', models.UUIDField(verbose_name='감사 기록')),
                ('call', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='phases', to='budgeting.call', verbose_name='공모')),
            ],
            options={
                'verbose_name': '공모의 단계',
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='Project',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('code', models.CharField(max_length=20, verbose_name='사업 번호')),
                ('name', models.CharField(max_length=100, verbose_name='이름')),
                ('name_en', models.CharField(blank=True, default='', max_length=100, verbose_name='영문 이름')),
                ('summary', models.TextField(blank=True, default='', verbose_name='내용')),
                ('cost_won', models.BigIntegerField(verbose_name='비용(원)')),
                ('cost_low_won', models.BigIntegerField(null=True, verbose_name='비용(적게, 원)')),
                ('cost_high_won', models.BigIntegerField(null=True, verbose_name='비용(많게, 원)')),
                ('cost_basis', models.CharField(blank=True, default='', max_length=500, verbose_name='비용의 근거')),
                ('upkeep_won', models.BigIntegerField(null=True, verbose_name='해마다 드는 돈(원)')),
                ('place', models.CharField(blank=True, default='', max_length=200, verbose_name='곳')),
                ('dong', models.CharField(blank=True, default='', max_length=10, verbose_name='행정동 코드')),
                ('latitude_e5', models.IntegerField(null=True, verbose_name='위도(10만분의 1도)')),
                ('longitude_e5', models.IntegerField(null=True, verbose_name='경도(10만분의 1도)')),
                ('received', models.IntegerField(verbose_name='받은 차례')),
                ('is_dropped', models.BooleanField(default=False, verbose_name='목록에서 뺌')),
                ('listed_at', models.DateTimeField(verbose_name='올린 시각')),
                ('audit', models.UUIDField(verbose_name='감사 기록')),
                ('call', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='projects', to='budgeting.call', verbose_name='공모')),
                ('envelope', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='projects', to='budgeting.envelope', verbose_name='재원')),
                ('field', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='projects', to='budgeting.field', verbose_name='분야')),
            ],
            options={
                'verbose_name': '사업',
                'ordering': ('code',),
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.AddField(
            model_name='award',
            name='project',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='awards', to='budgeting.project'),
        ),
        migrations.CreateModel(
            name='ProjectLink',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('requires', '함께라야 함'), ('excludes', '함께일 수 없음')], max_length=8, verbose_name='종류')),
                ('audit', models.UUIDField(verbose_name='감사 기록')),
                ('call', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='links', to='budgeting.call', verbose_name='공모')),
                ('other', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='linked_by', to='budgeting.project')),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='links', to='budgeting.project')),
            ],
            options={
                'verbose_name': '사업의 이음',
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='Proposal',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('number', models.IntegerField(verbose_name='번호')),
                ('state', models.CharField(choices=[('sent', '보냄'), ('returned', '돌려보냄'), ('accepted', '받아들임'), ('merged', '합쳐짐'), ('withdrawn', '거둠'), ('rejected', '부적격'), ('project', '사업이 됨')], default='sent', max_length=9, verbose_name='상태')),
                ('author', models.UUIDField(verbose_name='제안한 사람')),
                ('author_name', models.CharField(blank=True, default='', max_length=40, verbose_name='보이는 이름')),
                ('version_count', models.SmallIntegerField(default=1, verbose_name='판 수')),
                ('state_reason', models.CharField(blank=True, default='', max_length=1000, verbose_name='까닭')),
                ('received_at', models.DateTimeField(verbose_name='받은 시각')),
                ('entered_at', models.DateTimeField(verbose_name='상태가 된 시각')),
                ('is_hidden', models.BooleanField(default=False, verbose_name='가려짐')),
                ('is_synthetic', models.BooleanField(default=False, verbose_name='가상 자료')),
                ('audit', models.UUIDField(verbose_name='감사 기록')),
                ('call', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='proposals', to='budgeting.call', verbose_name='공모')),
                ('merged_into', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='merged', to='budgeting.proposal', verbose_name='합쳐진 제안')),
                ('previous', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='again', to='budgeting.proposal', verbose_name='지난해의 제안')),
            ],
            options={
                'verbose_name': '제안',
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.AddField(
            model_name='project',
            name='proposal',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='project', to='budgeting.proposal', verbose_name='제안'),
        ),
        migrations.AddField(
            model_name='moderation',
            name='proposal',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='moderations', to='budgeting.proposal'),
        ),
        migrations.AddField(
            model_name='mergeoffer',
            name='source',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='offers_out', to='budgeting.proposal'),
        ),
        migrations.AddField(
            model_name='mergeoffer',
            name='target',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='offers_in', to='budgeting.proposal'),
        ),
        migrations.CreateModel(
            name='Comment',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('person', models.UUIDField(verbose_name='쓴 사람')),
                ('shown_name', models.CharField(blank=True, default='', max_length=40, verbose_name='보이는 이름')),
                ('text', models.CharField(max_length=2000, verbose_name='말')),
                ('at', models.DateTimeField(verbose_name='쓴 시각')),
                ('audit', models.UUIDField(verbose_name='감사 기록')),
                ('proposal', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='comments', to='budgeting.proposal')),
            ],
            options={
                'verbose_name': '댓글',
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='ProposalPerson',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('person', models.UUIDField(verbose_name='사람')),
                ('role', models.CharField(choices=[('coauthor', '함께 제안'), ('supporter', '공감')], max_length=9, verbose_name='역할')),
                ('shown_name', models.CharField(blank=True, default='', max_length=40, verbose_name='보이는 이름')),
                ('joined_at', models.DateTimeField(verbose_name='함께한 시각')),
                ('left_at', models.DateTimeField(null=True, verbose_name='그만둔 시각')),
                ('audit', models.UUIDField(verbose_name='감사 기록')),
                ('proposal', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='people', to='budgeting.proposal')),
            ],
            options={
                'verbose_name': '함께한 사람',
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='ProposalVersion',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('number', models.SmallIntegerField(verbose_name='판')),
                ('title', models.CharField(max_length=100, verbose_name='제목')),
                ('need', models.TextField(max_length=5000, verbose_name='왜 필요한가요')),
                ('benefits', models.CharField(blank=True, default='', max_length=500, verbose_name='누구에게 좋은가요')),
                ('place', models.CharField(blank=True, default='', max_length=200, verbose_name='곳')),
                ('dong', models.CharField(blank=True, default='', max_length=10, verbose_name='행정동 코드')),
                ('latitude_e5', models.IntegerField(null=True, verbose_name='위도(10만분의 1도)')),
                ('longitude_e5', models.IntegerField(null=True, verbose_name='경도(10만분의 1도)')),
                ('estimate_won', models.BigIntegerField(null=True, verbose_name='어림한 돈(원)')),
                ('change_note', models.CharField(blank=True, default='', max_length=500, verbose_name='바꾼 까닭')),
                ('made_by', models.UUIDField(verbose_name='쓴 사람')),
                ('made_at', models.DateTimeField(verbose_name='쓴 시각')),
                ('audit', models.UUIDField(verbose_name='감사 기록')),
                ('envelope', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='budgeting.envelope', verbose_name='재원')),
                ('field', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='budgeting.field', verbose_name='분야')),
                ('proposal', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='budgeting.proposal')),
            ],
            options={
                'verbose_name': '제안의 판',
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='ProposalPhoto',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('upload', models.UUIDField(verbose_name='파일')),
                ('alt', models.CharField(max_length=200, verbose_name='사진 설명')),
                ('position', models.SmallIntegerField(default=0, verbose_name='차례')),
                ('audit', models.UUIDField(verbose_name='감사 기록')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='photos', to='budgeting.proposalversion')),
            ],
            options={
                'verbose_name': '제안 사진',
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='Result',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('number', models.SmallIntegerField(verbose_name='번호')),
                ('replaces_why', models.CharField(blank=True, default='', max_length=1000, verbose_name='바로잡는 까닭')),
                ('rule_sha256', models.CharField(max_length=64, verbose_name='규칙 해시')),
                ('roll_sha256', models.CharField(max_length=64, verbose_name='명부 해시')),
                ('seed', models.CharField(max_length=64, verbose_name='추첨 씨앗')),
                ('engine_version', models.CharField(max_length=40, verbose_name='엔진 판')),
                ('online_count', models.IntegerField(verbose_name='온라인 표')),
                ('paper_count', models.IntegerField(verbose_name='종이 표')),
                ('computed_by', models.UUIDField(null=True, verbose_name='센 사람')),
                ('computed_at', models.DateTimeField(verbose_name='센 시각')),
                ('audit', models.UUIDField(verbose_name='감사 기록')),
                ('call', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='results', to='budgeting.call', verbose_name='공모')),
                ('replaces', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaced_by', to='budgeting.result', verbose_name='바로잡는 결과')),
            ],
            options={
                'verbose_name': '결과',
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.AddField(
            model_name='award',
            name='result',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='awards', to='budgeting.result'),
        ),
        migrations.CreateModel(
            name='ResultPart',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('rule_name', models.CharField(max_length=60, verbose_name='규칙')),
                ('rule', models.JSONField(verbose_name='규칙의 값')),
                ('is_official', models.BooleanField(verbose_name='정해진 규칙')),
                ('budget_won', models.BigIntegerField(verbose_name='재원(원)')),
                ('ballot_count', models.IntegerField(verbose_name='표 수')),
                ('spent_won', models.BigIntegerField(verbose_name='쓴 돈(원)')),
                ('left_won', models.BigIntegerField(verbose_name='남은 돈(원)')),
                ('winners', models.JSONField(verbose_name='뽑힌 사업(차례대로)')),
                ('scores', models.JSONField(default=dict, verbose_name='사업별 표')),
                ('explanations', models.JSONField(default=dict, verbose_name='설명')),
                ('input_sha256', models.CharField(max_length=64, verbose_name='입력 해시')),
                ('input_text', models.TextField(blank=True, default='', verbose_name='입력(Pabulib)')),
                ('certificate', models.TextField(blank=True, default='', verbose_name='증명서')),
                ('audit', models.UUIDField(verbose_name='감사 기록')),
                ('envelope', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='budgeting.envelope')),
                ('result', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='parts', to='budgeting.result')),
            ],
            options={
                'verbose_name': '재원별 결과',
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='ResultPublication',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('by', models.UUIDField(null=True, verbose_name='누가')),
                ('at', models.DateTimeField(verbose_name='때')),
                ('audit', models.UUIDField(verbose_name='감사 기록')),
                ('result', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='publication', to='budgeting.result')),
            ],
            options={
                'verbose_name': '결과 공개',
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='Review',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('legality', '적법성'), ('feasibility', '실현 가능성'), ('cost', '비용')], max_length=11, verbose_name='검토')),
                ('round', models.SmallIntegerField(verbose_name='차례')),
                ('reviewer', models.UUIDField(verbose_name='검토한 사람')),
                ('verdict', models.CharField(choices=[('fit', '적합'), ('conditional', '조건부 적합'), ('unfit', '부적합')], max_length=11, verbose_name='판단')),
                ('reason_code', models.CharField(max_length=30, verbose_name='까닭 부호')),
                ('text', models.TextField(verbose_name='까닭')),
                ('cost_won', models.BigIntegerField(null=True, verbose_name='비용(원)')),
                ('cost_low_won', models.BigIntegerField(null=True, verbose_name='비용(적게, 원)')),
                ('cost_high_won', models.BigIntegerField(null=True, verbose_name='비용(많게, 원)')),
                ('upkeep_won', models.BigIntegerField(null=True, verbose_name='해마다 드는 돈(원)')),
                ('basis', models.CharField(blank=True, default='', max_length=500, verbose_name='비용의 근거')),
                ('at', models.DateTimeField(verbose_name='때')),
                ('audit', models.UUIDField(verbose_name='감사 기록')),
                ('proposal', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reviews', to='budgeting.proposal')),
            ],
            options={
                'verbose_name': '검토',
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='ReviewAnswer',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('by', models.UUIDField(verbose_name='쓴 사람')),
                ('text', models.TextField(verbose_name='답')),
                ('at', models.DateTimeField(verbose_name='때')),
                ('audit', models.UUIDField(verbose_name='감사 기록')),
                ('review', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='answer', to='budgeting.review')),
            ],
            options={
                'verbose_name': '검토에 대한 답',
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='ReviewAssignment',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('legality', '적법성'), ('feasibility', '실현 가능성'), ('cost', '비용')], max_length=11, verbose_name='검토')),
                ('round', models.SmallIntegerField(default=1, verbose_name='차례')),
                ('reviewer', models.UUIDField(verbose_name='검토하는 사람')),
                ('department', models.CharField(max_length=100, verbose_name='부서')),
                ('due_on', models.DateField(null=True, verbose_name='기한')),
                ('assigned_by', models.UUIDField(verbose_name='맡긴 사람')),
                ('assigned_at', models.DateTimeField(verbose_name='맡긴 시각')),
                ('released_at', models.DateTimeField(null=True, verbose_name='물린 시각')),
                ('audit', models.UUIDField(verbose_name='감사 기록')),
                ('proposal', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assignments', to='budgeting.proposal')),
            ],
            options={
                'verbose_name': '검토 맡김',
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.AddField(
            model_name='review',
            name='assignment',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='review', to='budgeting.reviewassignment'),
        ),
        migrations.CreateModel(
            name='Spending',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('amount_won', models.BigIntegerField(verbose_name='쓴 돈(원)')),
                ('paid_on', models.DateField(verbose_name='쓴 날')),
                ('purpose', models.CharField(max_length=200, verbose_name='어디에')),
                ('transfer', models.BigIntegerField(null=True, verbose_name='원장 이체')),
                ('document', models.CharField(blank=True, default='', max_length=200, verbose_name='문서')),
                ('by', models.UUIDField(verbose_name='누가')),
                ('at', models.DateTimeField(verbose_name='때')),
                ('audit', models.UUIDField(verbose_name='감사 기록')),
                ('award', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='spendings', to='budgeting.award')),
                ('takes_back', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='taken_back_by', to='budgeting.spending', verbose_name='되돌리는 지출')),
            ],
            options={
                'verbose_name': '지출',
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='AwardChange',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('cancelled', '취소'), ('amount', '금액 바꿈'), ('finished', '마침')], max_length=9, verbose_name='종류')),
                ('amount_won', models.BigIntegerField(null=True, verbose_name='바뀐 돈(원)')),
                ('reason_code', models.CharField(max_length=30, verbose_name='까닭 부호')),
                ('reason', models.CharField(max_length=1000, verbose_name='까닭')),
                ('lesson', models.TextField(blank=True, default='', verbose_name='배운 것')),
                ('by', models.UUIDField(verbose_name='누가')),
                ('at', models.DateTimeField(verbose_name='때')),
                ('audit', models.UUIDField(verbose_name='감사 기록')),
                ('award', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='changes', to='budgeting.award')),
            ],
            options={
                'verbose_name': '뽑힌 사업의 바뀜',
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('amount_won__gte', 0), ('amount_won__isnull', False), ('kind', 'amount')), models.Q(models.Q(('kind', 'amount'), _negated=True), ('amount_won__isnull', True)), _connector='OR'), name='award_change_states_an_amount'), models.CheckConstraint(condition=models.Q(('kind', 'finished'), models.Q(('reason', ''), _negated=True), _connector='OR'), name='award_change_has_a_reason'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'cancelled'), _negated=True), models.Q(('lesson', ''), _negated=True), _connector='OR'), name='award_cancelled_says_a_lesson')],
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='awardchange',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='cb7e691da0b018d3c9a4dc9427c7594b9bb5200c', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_c33df', table='budgeting_awardchange', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='awardchange',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'dure.append_only' USING ERRCODE = 'P0001';", hash='42529d66131f2365382361cfbc5b6714b1b32bbf', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_29cef', table='budgeting_awardchange', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='call',
            index=models.Index(fields=['district', '-year'], name='call_by_district'),
        ),
        migrations.AddConstraint(
            model_name='call',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ('draft', 'open', 'reviewing', 'listed', 'void')), models.Q(('state__in', ('published', 'following', 'closed')), models.Q(('imported_from', ''), _negated=True)), models.Q(('frozen_at__isnull', False), ('roll__isnull', False), ('rule_set__isnull', False), ('seed_commit__isnull', False)), _connector='OR'), name='call_is_frozen_with_rule_roll_and_seed'),
        ),
        migrations.AddConstraint(
            model_name='call',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'void'), _negated=True), models.Q(('void_reason', ''), _negated=True), _connector='OR'), name='call_void_has_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='call',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ballot_kind', 'cumulative'), ('points_max__isnull', False), ('points_sum__isnull', False), ('points_max__gt', 0), ('points_sum__gt', 0)), models.Q(models.Q(('ballot_kind', 'cumulative'), _negated=True), ('points_max__isnull', True), ('points_sum__isnull', True)), _connector='OR'), name='call_points_belong_to_a_cumulative_ballot'),
        ),
        migrations.AddConstraint(
            model_name='call',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ballot_kind', 'knapsack'), ('spend_max_won__gt', 0), ('spend_max_won__isnull', False)), models.Q(models.Q(('ballot_kind', 'knapsack'), _negated=True), ('spend_max_won__isnull', True)), _connector='OR'), name='call_spend_limit_belongs_to_a_knapsack_ballot'),
        ),
        migrations.AddConstraint(
            model_name='call',
            constraint=models.CheckConstraint(condition=models.Q(('marks_min__gte', 0), models.Q(('marks_max__isnull', True), ('marks_max__gte', models.F('marks_min')), _connector='OR'), models.Q(('marks_max__isnull', True), ('marks_max__gte', 1), _connector='OR')), name='call_marks_are_a_range'),
        ),
        migrations.AddConstraint(
            model_name='call',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ballot_kind', 'choose-1'), _negated=True), models.Q(('marks_max', 1), ('marks_max__isnull', False)), _connector='OR'), name='call_choose_1_takes_one_mark'),
        ),
        migrations.AddConstraint(
            model_name='call',
            constraint=models.CheckConstraint(condition=models.Q(('similar_ppm__gte', 0), ('similar_ppm__lte', 1000000)), name='call_similarity_is_a_share'),
        ),
        migrations.AddConstraint(
            model_name='call',
            constraint=models.CheckConstraint(condition=models.Q(('silent_days__gte', 1)), name='call_silence_ends_some_day'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='call',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='f5372ea20a6923b74cd224b8fc86b364ba477a3a', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_5e8a2', table='budgeting_call', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='callchange',
            constraint=models.CheckConstraint(condition=models.Q(('why', ''), _negated=True), name='call_change_has_a_reason'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='callchange',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='49573313e6ce0d554b9d6a99236985d6b14eb704', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_23ff3', table='budgeting_callchange', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='callchange',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'dure.append_only' USING ERRCODE = 'P0001';", hash='4d80590ed0257f6dcfc83f8e17ac08a7815bf88b', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_fec00', table='budgeting_callchange', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='envelope',
            constraint=models.UniqueConstraint(fields=('call', 'code'), name='envelope_code_once_a_call'),
        ),
        migrations.AddConstraint(
            model_name='envelope',
            constraint=models.UniqueConstraint(fields=('id', 'call'), name='envelope_of_its_call'),
        ),
        migrations.AddConstraint(
            model_name='envelope',
            constraint=models.CheckConstraint(condition=models.Q(('amount_won__gt', 0), ('amount_won__lte', 1000000000000000)), name='envelope_amount_is_positive'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='envelope',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='ac54352ac02c6eb5b72d8511bda69dce97970ee8', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_cd8dd', table='budgeting_envelope', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='field',
            constraint=models.UniqueConstraint(fields=('call', 'code'), name='field_code_once_a_call'),
        ),
        migrations.AddConstraint(
            model_name='field',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('marks_max__isnull', True), ('marks_max__gte', 1), _connector='OR'), models.Q(('amount_max_won__isnull', True), ('amount_max_won__gt', 0), _connector='OR')), name='field_caps_are_positive'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='field',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='0f42745c7798efe6ddbe59319d0f0142504327e9', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_a08ed', table='budgeting_field', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='flag',
            index=models.Index(fields=['award', '-at'], name='flag_by_award'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='flag',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='bef5dea37f9ebaba2491870185d99a1da5b866b8', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_76ce7', table='budgeting_flag', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='flag',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'dure.append_only' USING ERRCODE = 'P0001';", hash='9c44b329d0a4a113b0887094d27bf65ca1fed089', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_803d3', table='budgeting_flag', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='mergeconsent',
            constraint=models.UniqueConstraint(fields=('offer', 'person'), name='merge_answered_once'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='mergeconsent',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='ded7f1f88a3b7aa67c52adb2d8a866259fe1886c', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_dd3d2', table='budgeting_mergeconsent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='mergeconsent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'dure.append_only' USING ERRCODE = 'P0001';", hash='dbb6a781fe58213d2b45652bad635f20d4a8bab4', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_197e4', table='budgeting_mergeconsent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='milestone',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='c9f765260d242e6e9429ac8f7efd9b63e1197e95', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_6669b', table='budgeting_milestone', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='awardreport',
            index=models.Index(fields=['award', '-at'], name='awardreport_by_award'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='awardreport',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='32154f5f11e6486ddebc29665bcb08206046879e', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_9dfe7', table='budgeting_awardreport', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='awardreport',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'dure.append_only' USING ERRCODE = 'P0001';", hash='357938401c8deab1b1c04fc37d6e02aaf2a06b1a', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_f0515', table='budgeting_awardreport', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='moderationappeal',
            constraint=models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='moderation_appeal_says_why'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='moderationappeal',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='7c00e81595ee7f591ccf2bb674829d61233f52ab', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_5149e', table='budgeting_moderationappeal', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='moderationappeal',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'dure.append_only' USING ERRCODE = 'P0001';", hash='f33863d38facb6504cb842372cbb62d224b51223', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_9b93c', table='budgeting_moderationappeal', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='moneyballot',
            index=models.Index(fields=['envelope'], name='moneyballot_by_envelope'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='moneyballot',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='aa72ab2c272f1b7d9c5f5c24e85456bffbd3f1ae', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_c9f05', table='budgeting_moneyballot', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='moneyballot',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'dure.append_only' USING ERRCODE = 'P0001';", hash='cb559e13b03bc7312e589f87a704021906e7cf89', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_26be4', table='budgeting_moneyballot', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='paperbatch',
            constraint=models.UniqueConstraint(fields=('call', 'code'), name='paperbatch_code_once_a_call'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='paperbatch',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='6b933e10f1ab2879c316136eec41671d95e4a7ac', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_60a8a', table='budgeting_paperbatch', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='paperbatch',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'dure.append_only' USING ERRCODE = 'P0001';", hash='de82790f163a4094f9320e80afc90fb33729afb0', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_00ff5', table='budgeting_paperbatch', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='paperentry',
            constraint=models.UniqueConstraint(fields=('batch', 'person', 'take'), name='paperentry_take_once_a_person'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='paperentry',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='1751f960f25b5f7753a88f903519c85ecc25c809', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_5d1a1', table='budgeting_paperentry', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='paperentry',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'dure.append_only' USING ERRCODE = 'P0001';", hash='984079e6056745b6b7a0aa6eee095e66ed0c3e4b', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_19e4a', table='budgeting_paperentry', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='paperlook',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='818f11bb82d9eded7bb38eadac81517fe76e1bd8', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_60890', table='budgeting_paperlook', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='paperlook',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'dure.append_only' USING ERRCODE = 'P0001';", hash='ba105c15957dcedb0b36cafe412b800a6ca8a9c2', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_e24a4', table='budgeting_paperlook', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='papermatch',
            constraint=models.CheckConstraint(condition=models.Q(('slips__gte', 0)), name='papermatch_slips_from_none_up'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='papermatch',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='4e6e9a0bf9107e999c6c618157d5a1ee3afc7a42', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_1f67e', table='budgeting_papermatch', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='papermatch',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'dure.append_only' USING ERRCODE = 'P0001';", hash='b2ac8eb56e6e3d82e0b6b81cf7f52c1e41d584b7', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_b37f4', table='budgeting_papermatch', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='phase',
            constraint=models.UniqueConstraint(fields=('call', 'kind'), name='phase_once_a_call'),
        ),
        migrations.AddConstraint(
            model_name='phase',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=(('call', '='), ('during', '&&')), name='phase_one_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='phase',
            constraint=models.CheckConstraint(condition=models.Q(('during__isempty', False), ('during__lower_inc', True), ('during__lower_inf', False), ('during__upper_inc', False), ('during__upper_inf', False)), name='phase_is_half_open'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='phase',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='e9d5475b29b1e49cd1841aa2e425f8373daf6162', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_36c77', table='budgeting_phase', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='projectlink',
            constraint=models.UniqueConstraint(fields=('project', 'other'), name='link_once_a_pair'),
        ),
        migrations.AddConstraint(
            model_name='projectlink',
            constraint=models.CheckConstraint(condition=models.Q(('project', models.F('other')), _negated=True), name='link_of_two_projects'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='projectlink',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='7787b7e5e445bf6de87a3c0237144cd2e707db74', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_e603f', table='budgeting_projectlink', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='proposal',
            index=models.Index(fields=['author'], name='proposal_by_author'),
        ),
        migrations.AddConstraint(
            model_name='proposal',
            constraint=models.UniqueConstraint(fields=('call', 'number'), name='proposal_number_once_a_call'),
        ),
        migrations.AddConstraint(
            model_name='proposal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('merged_into__isnull', False), ('state', 'merged')), models.Q(models.Q(('state', 'merged'), _negated=True), ('merged_into__isnull', True)), _connector='OR'), name='proposal_merged_names_its_target'),
        ),
        migrations.AddConstraint(
            model_name='proposal',
            constraint=models.CheckConstraint(condition=models.Q(('merged_into__isnull', True), models.Q(('merged_into', models.F('id')), _negated=True), _connector='OR'), name='proposal_is_not_merged_into_itself'),
        ),
        migrations.AddConstraint(
            model_name='proposal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ('returned', 'rejected')), _negated=True), models.Q(('state_reason', ''), _negated=True), _connector='OR'), name='proposal_sent_back_has_a_reason'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='proposal',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='add06f59905d6ae73d433efd12c0ed3e50053fde', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_55691', table='budgeting_proposal', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='project',
            constraint=models.UniqueConstraint(fields=('call', 'code'), name='project_code_once_a_call'),
        ),
        migrations.AddConstraint(
            model_name='project',
            constraint=models.UniqueConstraint(fields=('id', 'call'), name='project_of_its_call'),
        ),
        migrations.AddConstraint(
            model_name='project',
            constraint=models.CheckConstraint(condition=models.Q(('cost_won__gte', 0), ('cost_won__lte', 1000000000000000)), name='project_cost_not_negative'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='project',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='e88b6e8f3d5bef04c190a79a98e991453574b721', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_618f6', table='budgeting_project', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='moderation',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='moderation_has_a_reason'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='moderation',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='490da330818fe923e2815423c48b7d7b64bec836', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_04e4e', table='budgeting_moderation', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='moderation',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'dure.append_only' USING ERRCODE = 'P0001';", hash='ef1f15f03e8b79cfb5aa524e1b5fb6fb8a636eb7', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_56433', table='budgeting_moderation', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='mergeoffer',
            constraint=models.CheckConstraint(condition=models.Q(('source', models.F('target')), _negated=True), name='merge_of_two_proposals'),
        ),
        migrations.AddConstraint(
            model_name='mergeoffer',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'open')), fields=('source',), name='merge_offered_once_at_a_time'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='mergeoffer',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='352ee661ba593f2c2965ee25c4713e360cc96d95', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_6931f', table='budgeting_mergeoffer', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='comment',
            index=models.Index(fields=['proposal', 'at'], name='comment_by_proposal'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='comment',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='49a865ec99d0182ee25167fd0eb2bb5cb23194f1', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_e4980', table='budgeting_comment', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='comment',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'dure.append_only' USING ERRCODE = 'P0001';", hash='3a3dfdad7663f516cfb59abc685bdc3579e86258', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_afdea', table='budgeting_comment', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='proposalperson',
            index=models.Index(fields=['person'], name='proposalperson_by_person'),
        ),
        migrations.AddConstraint(
            model_name='proposalperson',
            constraint=models.UniqueConstraint(fields=('proposal', 'person'), name='person_once_a_proposal'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='proposalperson',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='59f68aa49735b8b68acea4e30a62678f34c5b113', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_c2fcb', table='budgeting_proposalperson', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='proposalversion',
            constraint=models.UniqueConstraint(fields=('proposal', 'number'), name='version_number_once'),
        ),
        migrations.AddConstraint(
            model_name='proposalversion',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('latitude_e5__isnull', True), ('longitude_e5__isnull', True)), models.Q(('latitude_e5__range', (3300000, 4300000)), ('longitude_e5__range', (12400000, 13200000))), _connector='OR'), name='version_point_is_in_korea'),
        ),
        migrations.AddConstraint(
            model_name='proposalversion',
            constraint=models.CheckConstraint(condition=models.Q(('estimate_won__isnull', True), ('estimate_won__gte', 0), _connector='OR'), name='version_estimate_not_negative'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='proposalversion',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='f415585baf8e888729ce2c13e641ca4bdf1ca774', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_8520b', table='budgeting_proposalversion', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='proposalversion',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'dure.append_only' USING ERRCODE = 'P0001';", hash='adce060f385d51e1536561f97733a278412b7a69', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_b5339', table='budgeting_proposalversion', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='proposalphoto',
            constraint=models.UniqueConstraint(fields=('version', 'upload'), name='photo_once_a_version'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='proposalphoto',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='b2f0cf11ef32b91bfb47de830ffcec3b40d9c9c8', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_d4f82', table='budgeting_proposalphoto', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='proposalphoto',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'dure.append_only' USING ERRCODE = 'P0001';", hash='479bc954b3ba1f75651c32164299e0492213e65a', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_723d2', table='budgeting_proposalphoto', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='result',
            constraint=models.UniqueConstraint(fields=('call', 'number'), name='result_number_once_a_call'),
        ),
        migrations.AddConstraint(
            model_name='result',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('replaces__isnull', True), ('replaces_why', '')), models.Q(models.Q(('replaces__isnull', False)), models.Q(('replaces_why', ''), _negated=True)), _connector='OR'), name='result_that_corrects_says_why'),
        ),
        migrations.AddConstraint(
            model_name='result',
            constraint=models.CheckConstraint(condition=models.Q(('online_count__gte', 0), ('paper_count__gte', 0)), name='result_counts_not_negative'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='result',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='5f6ac6db33dff4768871dbc97aa0b3597d1f7bc0', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_8594f', table='budgeting_result', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='result',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'dure.append_only' USING ERRCODE = 'P0001';", hash='54ac85098007dff11409780d8e79f321cad62062', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_9dbc1', table='budgeting_result', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='award',
            constraint=models.UniqueConstraint(fields=('result', 'project'), name='award_once_a_result'),
        ),
        migrations.AddConstraint(
            model_name='award',
            constraint=models.CheckConstraint(condition=models.Q(('amount_won__gte', 0)), name='award_not_negative'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='award',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='25d17210b19a1a2be29a55ad666425c5ae31f0bf', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_096b0', table='budgeting_award', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='award',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'dure.append_only' USING ERRCODE = 'P0001';", hash='3341ca31993d68e104cfda35158f19f3d074a6e9', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_af2c1', table='budgeting_award', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='resultpart',
            constraint=models.UniqueConstraint(condition=models.Q(('is_official', True)), fields=('result', 'envelope'), name='result_part_official_once'),
        ),
        migrations.AddConstraint(
            model_name='resultpart',
            constraint=models.UniqueConstraint(fields=('result', 'envelope', 'rule_name'), name='result_part_once_a_rule'),
        ),
        migrations.AddConstraint(
            model_name='resultpart',
            constraint=models.CheckConstraint(condition=models.Q(('left_won__gte', 0), ('spent_won__gte', 0), ('budget_won', django.db.models.expressions.CombinedExpression(models.F('spent_won'), '+', models.F('left_won')))), name='result_part_never_over_budget'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='resultpart',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='34f4814ceb8ce784679510bb93e4a8ea032f1063', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_bf366', table='budgeting_resultpart', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='resultpart',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'dure.append_only' USING ERRCODE = 'P0001';", hash='fcc8640040c8b7de5b1aab959998beb8cb0bea1e', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_d3576', table='budgeting_resultpart', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='resultpublication',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='6f161eddba743d700d0dfb708738ddac7fc26587', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_0c92b', table='budgeting_resultpublication', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='resultpublication',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'dure.append_only' USING ERRCODE = 'P0001';", hash='1e945506ce490975461c12411ba230faa1c128ee', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_b42ff', table='budgeting_resultpublication', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='reviewanswer',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='f8575fee3a2262bf712871871864a01fdab00009', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_75802', table='budgeting_reviewanswer', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='reviewanswer',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'dure.append_only' USING ERRCODE = 'P0001';", hash='b4d485af4b531b9b83b56c1e2f92dfec6bde2fc8', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_2ef59', table='budgeting_reviewanswer', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='reviewassignment',
            index=models.Index(fields=['reviewer'], name='assignment_by_reviewer'),
        ),
        migrations.AddConstraint(
            model_name='reviewassignment',
            constraint=models.UniqueConstraint(condition=models.Q(('released_at__isnull', True)), fields=('proposal', 'kind', 'round'), name='assignment_one_reviewer_a_round'),
        ),
        migrations.AddConstraint(
            model_name='reviewassignment',
            constraint=models.UniqueConstraint(fields=('id', 'proposal', 'kind', 'round', 'reviewer'), name='assignment_as_a_whole'),
        ),
        migrations.AddConstraint(
            model_name='reviewassignment',
            constraint=models.CheckConstraint(condition=models.Q(('round__in', (1, 2))), name='assignment_two_rounds'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='reviewassignment',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='6610516ce093c3bec65e07603c36a8f565ec31b5', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_b5dc4', table='budgeting_reviewassignment', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='review',
            constraint=models.UniqueConstraint(fields=('proposal', 'kind', 'round'), name='review_once_a_kind_and_round'),
        ),
        migrations.AddConstraint(
            model_name='review',
            constraint=models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='review_has_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='review',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('cost_won__isnull', False), ('kind', 'cost'), ('verdict__in', ('fit', 'conditional')), ('cost_won__gte', 0), models.Q(('basis', ''), _negated=True), models.Q(('cost_low_won__isnull', True), ('cost_low_won__lte', models.F('cost_won')), _connector='OR'), models.Q(('cost_high_won__isnull', True), ('cost_high_won__gte', models.F('cost_won')), _connector='OR')), models.Q(('kind', 'cost'), ('verdict', 'unfit')), models.Q(models.Q(('kind', 'cost'), _negated=True), ('cost_high_won__isnull', True), ('cost_low_won__isnull', True), ('cost_won__isnull', True), ('upkeep_won__isnull', True)), _connector='OR'), name='review_cost_is_stated_with_its_basis'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='review',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='be4859b6f7db20dd5e3c94a77e5d44ecb907a8ed', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_b1c1f', table='budgeting_review', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='review',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'dure.append_only' USING ERRCODE = 'P0001';", hash='49f072e0cb5150bed9be818deb276104b14f0691', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_04491', table='budgeting_review', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='spending',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('amount_won__gt', 0), ('takes_back__isnull', True)), models.Q(('amount_won__lt', 0), ('takes_back__isnull', False)), _connector='OR'), name='spending_is_positive_unless_it_takes_back'),
        ),
        migrations.AddConstraint(
            model_name='spending',
            constraint=models.CheckConstraint(condition=models.Q(('transfer__isnull', False), models.Q(('document', ''), _negated=True), _connector='OR'), name='spending_has_a_transfer_or_a_document'),
        ),
        migrations.AddConstraint(
            model_name='spending',
            constraint=models.UniqueConstraint(fields=('transfer',), name='spending_once_a_transfer'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='spending',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='994d07db2dad4574a4cc46c93721fe0c1ac50eab', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_88428', table='budgeting_spending', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='spending',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'dure.append_only' USING ERRCODE = 'P0001';", hash='0623b201e472edc14df09ab80534a7a08a9b5c14', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_a7470', table='budgeting_spending', when='BEFORE')),
        ),
    ]
