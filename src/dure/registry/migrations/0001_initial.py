import datetime
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
    ]

    operations = [
        migrations.CreateModel(
            name='Login',
            fields=[
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('handle', models.CharField(max_length=20, unique=True, verbose_name='로그인 이름')),
                ('skeleton', models.CharField(editable=False, max_length=64, unique=True)),
                ('is_active', models.BooleanField(default=True, verbose_name='쓸 수 있음')),
                ('created_at', models.DateTimeField(verbose_name='만든 시각')),
                ('audit', models.UUIDField()),
            ],
            options={
                'verbose_name': '로그인',
            },
        ),
        migrations.CreateModel(
            name='Acting',
            fields=[
                ('audit', models.UUIDField(verbose_name='감사 기록')),
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('staff', models.UUIDField(verbose_name='대신하는 사람')),
                ('began_at', models.DateTimeField(verbose_name='시작')),
                ('ends_at', models.DateTimeField(verbose_name='끝')),
            ],
            options={
                'verbose_name': '대신하기',
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='ApprovalDecision',
            fields=[
                ('audit', models.UUIDField(verbose_name='감사 기록')),
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('approver', models.UUIDField(verbose_name='승인한 사람')),
                ('outcome', models.CharField(choices=[('approved', '승인'), ('refused', '거절')], max_length=8, verbose_name='답')),
                ('reason', models.CharField(blank=True, default='', max_length=500, verbose_name='이유')),
                ('decided_at', models.DateTimeField(verbose_name='결정 시각')),
            ],
            options={
                'verbose_name': '승인 결정',
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='BreakGlass',
            fields=[
                ('audit', models.UUIDField(verbose_name='감사 기록')),
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('state', models.CharField(choices=[('asked', '다른 사람을 기다림'), ('granted', '허락됨'), ('refused', '거절함'), ('reviewed', '살펴봄')], default='asked', max_length=8, verbose_name='상태')),
                ('asked_by', models.UUIDField(verbose_name='부탁한 사람')),
                ('asked_at', models.DateTimeField(verbose_name='부탁한 시각')),
                ('why', models.CharField(max_length=500, verbose_name='까닭')),
                ('decided_by', models.UUIDField(null=True, verbose_name='답한 사람')),
                ('granted_at', models.DateTimeField(null=True, verbose_name='허락한 시각')),
                ('ends_at', models.DateTimeField(null=True, verbose_name='끝')),
                ('reviewed_by', models.UUIDField(null=True, verbose_name='살펴본 사람')),
                ('reviewed_at', models.DateTimeField(null=True, verbose_name='살펴본 시각')),
                ('finding', models.CharField(blank=True, choices=[('right', '마땅했음'), ('wrong', '마땅하지 않았음')], default='', max_length=5, verbose_name='판단')),
            ],
            options={
                'verbose_name': '비상 열람',
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='Centre',
            fields=[
                ('audit', models.UUIDField(verbose_name='감사 기록')),
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('valid', django.contrib.postgres.fields.ranges.DateRangeField(verbose_name='기간')),
            ],
            options={
                'verbose_name': '지원센터',
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='Consent',
            fields=[
                ('audit', models.UUIDField(verbose_name='감사 기록')),
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('act', models.CharField(choices=[('given', '동의'), ('narrowed', '범위를 줄임'), ('withdrawn', '거둠')], max_length=10, verbose_name='한 일')),
                ('fields', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), default=list, size=None, verbose_name='동의한 항목')),
                ('how', models.CharField(choices=[('screen', '화면'), ('paper', '종이'), ('spoken', '말')], max_length=6, verbose_name='방법')),
                ('witness', models.UUIDField(null=True, verbose_name='증인')),
                ('receipt', models.CharField(max_length=64, verbose_name='확인서 해시')),
                ('at', models.DateTimeField(verbose_name='시각')),
            ],
            options={
                'verbose_name': '동의',
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='Device',
            fields=[
                ('audit', models.UUIDField(verbose_name='감사 기록')),
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('slot', models.SmallIntegerField(verbose_name='자리')),
                ('name', models.CharField(max_length=60, verbose_name='이름')),
                ('mark', models.CharField(max_length=64, verbose_name='주소의 해시')),
                ('added_at', models.DateTimeField(verbose_name='더한 시각')),
                ('dropped_at', models.DateTimeField(null=True, verbose_name='뺀 시각')),
            ],
            options={
                'verbose_name': '알림 받는 기기',
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='District',
            fields=[
                ('audit', models.UUIDField(verbose_name='감사 기록')),
                ('sig', models.CharField(max_length=5, primary_key=True, serialize=False, verbose_name='시군구 코드')),
                ('kostat', models.CharField(max_length=5, verbose_name='통계청 코드')),
                ('name', models.CharField(max_length=20, verbose_name='이름')),
                ('name_en', models.CharField(max_length=40, verbose_name='영문 이름')),
            ],
            options={
                'verbose_name': '자치구',
                'ordering': ('sig',),
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='Dong',
            fields=[
                ('audit', models.UUIDField(verbose_name='감사 기록')),
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('system', models.CharField(max_length=10, verbose_name='코드 체계')),
                ('code', models.CharField(max_length=10, verbose_name='코드')),
                ('name', models.CharField(max_length=40, verbose_name='이름')),
                ('valid', django.contrib.postgres.fields.ranges.DateRangeField(verbose_name='기간')),
                ('source', models.CharField(max_length=200, verbose_name='출처')),
            ],
            options={
                'verbose_name': '행정동',
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='Household',
            fields=[
                ('audit', models.UUIDField(verbose_name='감사 기록')),
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('valid', django.contrib.postgres.fields.ranges.DateRangeField(verbose_name='기간')),
            ],
            options={
                'verbose_name': '조합 가구',
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='Import',
            fields=[
                ('audit', models.UUIDField(verbose_name='감사 기록')),
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('year', models.SmallIntegerField(verbose_name='자료 연도')),
                ('state', models.CharField(choices=[('opened', '열 맞추기'), ('judged', '확인하기'), ('refused', '거절됨'), ('applied', '저장됨'), ('undone', '되돌림'), ('cancelled', '취소됨')], default='opened', max_length=9, verbose_name='상태')),
                ('file_name', models.CharField(max_length=200, verbose_name='파일 이름')),
                ('spool', models.CharField(blank=True, default='', max_length=32, verbose_name='받은 파일')),
                ('sha256', models.CharField(max_length=64, verbose_name='해시')),
                ('size', models.BigIntegerField(verbose_name='크기')),
                ('kind', models.CharField(max_length=4, verbose_name='꼴')),
                ('encoding', models.CharField(blank=True, default='', max_length=12, verbose_name='인코딩')),
                ('sheet', models.CharField(blank=True, default='', max_length=100, verbose_name='시트')),
                ('sheets', models.JSONField(default=list, verbose_name='시트 목록')),
                ('labels', models.JSONField(default=list, verbose_name='제목')),
                ('columns', models.JSONField(default=list, verbose_name='열')),
                ('header_line', models.IntegerField(verbose_name='제목 줄')),
                ('scope_key', models.CharField(blank=True, default='', max_length=64, verbose_name='같은 목록 열쇠')),
                ('counts', models.JSONField(default=dict, verbose_name='줄 수')),
                ('totals', models.JSONField(default=list, verbose_name='합계 줄')),
                ('answers', models.JSONField(default=dict, verbose_name='답')),
                ('job', models.UUIDField(null=True, verbose_name='작업')),
                ('opener', models.UUIDField(null=True, verbose_name='올린 사람')),
                ('approver', models.UUIDField(null=True, verbose_name='승인한 사람')),
                ('opened_at', models.DateTimeField(verbose_name='올린 시각')),
                ('judged_at', models.DateTimeField(null=True, verbose_name='판정 시각')),
                ('applied_at', models.DateTimeField(null=True, verbose_name='저장 시각')),
                ('applied_line', models.UUIDField(null=True, verbose_name='저장한 감사 기록')),
                ('ended_at', models.DateTimeField(null=True, verbose_name='끝난 시각')),
            ],
            options={
                'verbose_name': '명단 올리기',
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='ImportMapping',
            fields=[
                ('audit', models.UUIDField(verbose_name='감사 기록')),
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('scope', models.CharField(max_length=40, verbose_name='범위')),
                ('header', models.CharField(max_length=32, verbose_name='제목 해시')),
                ('fields', models.JSONField(default=dict, verbose_name='열')),
            ],
            options={
                'verbose_name': '기억한 열',
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='ImportRow',
            fields=[
                ('audit', models.UUIDField(verbose_name='감사 기록')),
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('line', models.IntegerField(verbose_name='줄')),
                ('verdict', models.CharField(max_length=6, verbose_name='판정')),
                ('issues', models.JSONField(null=True, verbose_name='까닭')),
                ('held', models.BooleanField(default=False, verbose_name='미뤄 둠')),
                ('against', models.CharField(choices=[('new', '새로'), ('same', '같음'), ('change', '바뀜')], max_length=6, verbose_name='등록부와')),
                ('organisation', models.UUIDField(verbose_name='조직')),
                ('changes', models.JSONField(null=True, verbose_name='바뀌는 값')),
                ('name', models.CharField(db_collation='C', max_length=100, verbose_name='이름')),
                ('name_key', models.TextField(db_collation='C', verbose_name='정렬 열쇠')),
                ('jamo_keys', models.TextField(db_collation='C', verbose_name='자모 열쇠')),
                ('initials_keys', models.TextField(db_collation='C', verbose_name='초성 열쇠')),
                ('form', models.CharField(max_length=12, verbose_name='법적 형태')),
                ('kind', models.CharField(max_length=20, verbose_name='유형')),
                ('org_state', models.CharField(max_length=10, verbose_name='상태')),
                ('district', models.CharField(max_length=5, verbose_name='자치구')),
                ('address', models.CharField(max_length=200, verbose_name='주소')),
                ('biz', models.CharField(max_length=10, null=True, verbose_name='사업자등록번호')),
                ('corp', models.CharField(max_length=13, null=True, verbose_name='법인등록번호')),
                ('biz_token', models.BinaryField(max_length=32, null=True, verbose_name='사업자 토큰')),
                ('corp_token', models.BinaryField(max_length=32, null=True, verbose_name='법인 토큰')),
                ('founded', models.DateField(null=True, verbose_name='설립일')),
                ('ended', models.DateField(null=True, verbose_name='종료일')),
                ('members', models.BigIntegerField(null=True, verbose_name='조합원 수')),
                ('capital', models.BigIntegerField(null=True, verbose_name='출자금')),
                ('parent_key', models.TextField(db_collation='C', verbose_name='소속 열쇠')),
                ('mail', models.CharField(max_length=200, verbose_name='메일')),
                ('phone', models.CharField(max_length=40, verbose_name='전화')),
                ('web', models.CharField(max_length=200, verbose_name='누리집')),
            ],
            options={
                'verbose_name': '올린 줄',
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='Invitation',
            fields=[
                ('audit', models.UUIDField(verbose_name='감사 기록')),
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('member_class', models.CharField(choices=[('consumer', '소비자 조합원'), ('producer', '생산자 조합원'), ('worker', '직원 조합원'), ('supporter', '후원자 조합원'), ('preferred', '우선출자자'), ('federated', '회원 조직')], max_length=10, verbose_name='조합원 종류')),
                ('sent_by', models.UUIDField(verbose_name='보낸 사람')),
                ('sent_at', models.DateTimeField(verbose_name='보낸 시각')),
                ('expires_at', models.DateTimeField(verbose_name='기한')),
                ('accepted_at', models.DateTimeField(null=True, verbose_name='받은 시각')),
                ('revoked_at', models.DateTimeField(null=True, verbose_name='거둔 시각')),
            ],
            options={
                'verbose_name': '초대',
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='Mandate',
            fields=[
                ('audit', models.UUIDField(verbose_name='감사 기록')),
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('role', models.CharField(choices=[('staff', '센터 직원'), ('treasurer', '회계 담당'), ('approver', '승인 담당'), ('board', '이사'), ('auditor', '감사'), ('ethics', '윤리위원'), ('official', '공무원'), ('analyst', '분석가'), ('vault', '금고 담당'), ('operator', '운영자'), ('contact', '연락 담당'), ('acts_for', '대신하는 사람')], max_length=10, verbose_name='역할')),
                ('scope_kind', models.CharField(choices=[('organisation', '조직'), ('district', '자치구'), ('city', '시 전체'), ('purpose', '목적'), ('person', '한 사람'), ('installation', '이 설치')], max_length=12, verbose_name='범위')),
                ('scope_id', models.CharField(max_length=40, verbose_name='범위 대상')),
                ('valid', django.contrib.postgres.fields.ranges.DateTimeRangeField(verbose_name='기간')),
                ('given_by', models.UUIDField(null=True, verbose_name='준 사람')),
                ('given_at', models.DateTimeField(verbose_name='준 시각')),
                ('origin', models.CharField(choices=[('elected', '선출'), ('by_election', '보궐 선출'), ('ex_officio', '당연직'), ('appointed', '임명'), ('acting', '직무 대행')], default='appointed', max_length=11, verbose_name='유래')),
                ('seat', models.UUIDField(null=True, verbose_name='자리')),
                ('motion', models.UUIDField(null=True, verbose_name='의결')),
                ('ended_why', models.CharField(blank=True, default='', max_length=500, verbose_name='끝난 까닭')),
            ],
            options={
                'verbose_name': '위임·직책',
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='MandatePair',
            fields=[
                ('audit', models.UUIDField(verbose_name='감사 기록')),
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('person', models.UUIDField(verbose_name='사람')),
                ('scope', models.CharField(max_length=60, verbose_name='범위')),
                ('pair', models.SmallIntegerField(verbose_name='짝')),
                ('side', models.SmallIntegerField(verbose_name='쪽')),
                ('valid', django.contrib.postgres.fields.ranges.DateTimeRangeField(verbose_name='기간')),
            ],
            options={
                'verbose_name': '겸할 수 없는 직책',
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='Membership',
            fields=[
                ('audit', models.UUIDField(verbose_name='감사 기록')),
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('member_class', models.CharField(choices=[('consumer', '소비자 조합원'), ('producer', '생산자 조합원'), ('worker', '직원 조합원'), ('supporter', '후원자 조합원'), ('preferred', '우선출자자'), ('federated', '회원 조직')], max_length=10, verbose_name='조합원 종류')),
                ('state', models.CharField(choices=[('applied', '신청함'), ('admitted', '조합원'), ('refused', '받지 않음'), ('withdrawn', '신청을 거둠'), ('left', '탈퇴')], default='applied', max_length=10, verbose_name='상태')),
                ('applied_at', models.DateTimeField(verbose_name='신청 시각')),
                ('admitted_by', models.UUIDField(null=True, verbose_name='받아들인 사람')),
                ('valid', django.contrib.postgres.fields.ranges.DateRangeField(null=True, verbose_name='기간')),
            ],
            options={
                'verbose_name': '조합원 자격',
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='Merge',
            fields=[
                ('audit', models.UUIDField(verbose_name='감사 기록')),
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('evidence', models.CharField(max_length=500, verbose_name='근거')),
                ('chosen', models.JSONField(default=dict, verbose_name='고른 값')),
                ('before', models.JSONField(default=dict, verbose_name='합치기 전 값')),
                ('state', models.CharField(choices=[('proposed', '승인 기다림'), ('approved', '합침'), ('declined', '합치지 않음'), ('undone', '되돌림')], default='proposed', max_length=10, verbose_name='상태')),
                ('proposer', models.UUIDField(verbose_name='제안한 사람')),
                ('approver', models.UUIDField(null=True, verbose_name='승인한 사람')),
                ('proposed_at', models.DateTimeField(verbose_name='제안 시각')),
                ('decided_at', models.DateTimeField(null=True, verbose_name='결정 시각')),
            ],
            options={
                'verbose_name': '합치기',
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='Organisation',
            fields=[
                ('audit', models.UUIDField(verbose_name='감사 기록')),
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=100, verbose_name='이름')),
                ('name_en', models.CharField(blank=True, default='', max_length=100, verbose_name='영문 이름')),
                ('name_key', models.TextField(db_collation='C', default='', verbose_name='정렬 열쇠')),
                ('jamo_keys', models.TextField(default='', verbose_name='자모 열쇠')),
                ('initials_keys', models.TextField(default='', verbose_name='초성 열쇠')),
                ('form', models.CharField(choices=[('corporation', '법인'), ('association', '임의단체'), ('sole_trader', '개인사업자'), ('public_body', '공공기관')], max_length=12, verbose_name='법적 형태')),
                ('founded_on', models.DateField(null=True, verbose_name='설립일')),
                ('ended_on', models.DateField(null=True, verbose_name='종료일')),
                ('annulled', models.BooleanField(default=False, verbose_name='등록 무효')),
                ('created_at', models.DateTimeField(verbose_name='등록 시각')),
            ],
            options={
                'verbose_name': '조직',
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='OrgContact',
            fields=[
                ('audit', models.UUIDField(verbose_name='감사 기록')),
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('phone', '전화'), ('mail', '전자우편'), ('web', '누리집')], max_length=5, verbose_name='종류')),
                ('value', models.CharField(max_length=200, verbose_name='값')),
                ('is_public', models.BooleanField(default=True, verbose_name='공개')),
            ],
            options={
                'verbose_name': '조직 연락처',
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='OrgEdit',
            fields=[
                ('audit', models.UUIDField(verbose_name='감사 기록')),
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('field', models.CharField(choices=[('name', '이름'), ('name_en', '영문 이름'), ('address', '주소'), ('phone', '전화'), ('mail', '전자우편'), ('web', '누리집'), ('founded_on', '설립일')], max_length=10, verbose_name='고칠 칸')),
                ('old', models.CharField(blank=True, max_length=200, verbose_name='지금 값')),
                ('new', models.CharField(max_length=200, verbose_name='고칠 값')),
                ('why', models.CharField(blank=True, default='', max_length=500, verbose_name='이유')),
                ('proposer', models.UUIDField(verbose_name='제안한 사람')),
                ('reviewer', models.UUIDField(null=True, verbose_name='검토한 사람')),
                ('answer', models.CharField(blank=True, default='', max_length=500, verbose_name='답')),
                ('state', models.CharField(choices=[('proposed', '검토 기다림'), ('accepted', '반영함'), ('declined', '반영하지 않음'), ('withdrawn', '거둠'), ('stale', '그사이 바뀜')], default='proposed', max_length=10, verbose_name='상태')),
                ('proposed_at', models.DateTimeField(verbose_name='제안 시각')),
                ('reviewed_at', models.DateTimeField(null=True, verbose_name='검토 시각')),
            ],
            options={
                'verbose_name': '수정 제안',
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='OrgName',
            fields=[
                ('audit', models.UUIDField(verbose_name='감사 기록')),
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=100, verbose_name='이름')),
                ('search_key', models.TextField(db_collation='C', verbose_name='검색 열쇠')),
                ('valid', django.contrib.postgres.fields.ranges.DateRangeField(verbose_name='기간')),
            ],
            options={
                'verbose_name': '조직 이름',
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='OrgNumber',
            fields=[
                ('audit', models.UUIDField(verbose_name='감사 기록')),
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('scheme', models.CharField(choices=[('biz', '사업자등록번호'), ('corp', '법인등록번호')], max_length=4, verbose_name='번호 종류')),
                ('token', models.BinaryField(max_length=32, verbose_name='번호 토큰')),
                ('digits', models.CharField(max_length=13, null=True, verbose_name='번호')),
                ('valid', django.contrib.postgres.fields.ranges.DateRangeField(verbose_name='기간')),
            ],
            options={
                'verbose_name': '등록 번호',
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='OrgState',
            fields=[
                ('audit', models.UUIDField(verbose_name='감사 기록')),
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('state', models.CharField(choices=[('preparing', '준비중'), ('operating', '운영중'), ('paused', '휴업'), ('closed', '폐업')], max_length=10, verbose_name='운영 상태')),
                ('valid', django.contrib.postgres.fields.ranges.DateRangeField(verbose_name='기간')),
            ],
            options={
                'verbose_name': '운영 상태',
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='OrgStatus',
            fields=[
                ('audit', models.UUIDField(verbose_name='감사 기록')),
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('code', models.CharField(choices=[('coop.consumer', '소비자협동조합'), ('coop.producer', '생산자협동조합'), ('coop.worker', '직원협동조합'), ('coop.multi', '다중이해관계자협동조합'), ('coop.social', '사회적협동조합'), ('se.certified', '인증 사회적기업'), ('se.preliminary', '예비사회적기업'), ('venture.social', '소셜벤처'), ('village', '마을기업'), ('selfsupport', '자활기업'), ('land_trust', '토지신탁'), ('platform_coop', '플랫폼협동조합'), ('data_coop', '데이터협동조합'), ('federation', '연합회'), ('anchor', '앵커기관'), ('buyer', '공공 구매기관'), ('school', '학교'), ('support_centre', '지원센터')], max_length=20, verbose_name='자격')),
                ('issuer', models.CharField(blank=True, default='', max_length=100, verbose_name='발급 기관')),
                ('certificate', models.CharField(blank=True, default='', max_length=60, verbose_name='증서 번호')),
                ('evidence_upload', models.UUIDField(null=True, verbose_name='증빙')),
                ('evidence_class', models.CharField(choices=[('A', '스스로 말함'), ('B', '상대가 확인함'), ('C', '발급 기관 서류')], default='A', max_length=1, verbose_name='증거 등급')),
                ('valid', django.contrib.postgres.fields.ranges.DateRangeField(verbose_name='기간')),
            ],
            options={
                'verbose_name': '자격',
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='OrgYear',
            fields=[
                ('audit', models.UUIDField(verbose_name='감사 기록')),
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('year', models.SmallIntegerField(verbose_name='연도')),
                ('kind', models.CharField(choices=[('sales', '매출'), ('heads', '고용 인원'), ('fte_minutes', '월 노동시간(분)'), ('members', '조합원 수'), ('capital', '출자금')], max_length=12, verbose_name='항목')),
                ('value', models.BigIntegerField(verbose_name='값')),
                ('source', models.CharField(max_length=200, verbose_name='출처')),
                ('evidence_class', models.CharField(choices=[('A', '스스로 말함'), ('B', '상대가 확인함'), ('C', '발급 기관 서류')], default='A', max_length=1, verbose_name='증거 등급')),
                ('stated_at', models.DateTimeField(verbose_name='적은 시각')),
            ],
            options={
                'verbose_name': '연간 신고값',
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='Person',
            fields=[
                ('audit', models.UUIDField(verbose_name='감사 기록')),
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('state', models.CharField(choices=[('invited', '초대됨'), ('active', '쓰는 중'), ('paused', '쉬는 중'), ('erased', '지워짐')], default='invited', max_length=8, verbose_name='상태')),
                ('created_by', models.UUIDField(null=True, verbose_name='만든 사람')),
                ('created_at', models.DateTimeField(verbose_name='만든 시각')),
            ],
            options={
                'verbose_name': '사람',
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='PersonFact',
            fields=[
                ('audit', models.UUIDField(verbose_name='감사 기록')),
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('home', '사는 자치구'), ('dong', '사는 행정동'), ('age_min', '나이 기준을 넘음'), ('age_band', '연령대'), ('sex', '성별'), ('works_in', '일하는 자치구'), ('studies_in', '공부하는 자치구')], max_length=10, verbose_name='종류')),
                ('value', models.CharField(max_length=20, verbose_name='값')),
                ('purpose', models.CharField(default='register', max_length=40, verbose_name='목적')),
                ('source', models.CharField(choices=[('vault', '신원 금고'), ('document', '서류'), ('stated', '본인 말')], default='stated', max_length=8, verbose_name='출처')),
                ('derived_at', models.DateTimeField(verbose_name='얻은 시각')),
                ('valid', django.contrib.postgres.fields.ranges.DateRangeField(verbose_name='기간')),
            ],
            options={
                'verbose_name': '사람 정보',
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='Population',
            fields=[
                ('audit', models.UUIDField(verbose_name='감사 기록')),
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('on', models.DateField(verbose_name='기준일')),
                ('age_band', models.CharField(default='all', max_length=10, verbose_name='연령대')),
                ('sex', models.CharField(choices=[('all', '전체'), ('female', '여'), ('male', '남')], default='all', max_length=6, verbose_name='성별')),
                ('heads', models.BigIntegerField(verbose_name='인원')),
                ('source', models.CharField(max_length=200, verbose_name='출처')),
            ],
            options={
                'verbose_name': '인구',
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='Purpose',
            fields=[
                ('audit', models.UUIDField(verbose_name='감사 기록')),
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('code', models.CharField(max_length=40, verbose_name='목적')),
                ('version', models.SmallIntegerField(verbose_name='판')),
                ('name', models.CharField(max_length=100, verbose_name='이름')),
                ('name_en', models.CharField(max_length=100, verbose_name='영문 이름')),
                ('text', models.TextField(verbose_name='설명')),
                ('text_en', models.TextField(verbose_name='영문 설명')),
                ('fields', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), size=None, verbose_name='항목')),
                ('ground', models.CharField(max_length=200, verbose_name='근거')),
                ('keep_until', models.CharField(max_length=200, verbose_name='보관 기한')),
            ],
            options={
                'verbose_name': '이용 목적',
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='Recovery',
            fields=[
                ('audit', models.UUIDField(verbose_name='감사 기록')),
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('state', models.CharField(choices=[('asked', '다른 직원을 기다림'), ('agreed', '기다리는 시간'), ('printed', '번호를 건넴'), ('used', '되찾음'), ('refused', '거절함'), ('stopped', '멈춤')], default='asked', max_length=8, verbose_name='상태')),
                ('asked_by', models.UUIDField(verbose_name='부탁한 직원')),
                ('asked_at', models.DateTimeField(verbose_name='부탁한 시각')),
                ('decided_by', models.UUIDField(null=True, verbose_name='답한 직원')),
                ('decided_at', models.DateTimeField(null=True, verbose_name='답한 시각')),
                ('opens_at', models.DateTimeField(null=True, verbose_name='열리는 시각')),
                ('code_tag', models.CharField(blank=True, default='', max_length=64, verbose_name='번호의 해시')),
                ('code_until', models.DateTimeField(null=True, verbose_name='번호의 기한')),
                ('ends_at', models.DateTimeField(verbose_name='기한')),
            ],
            options={
                'verbose_name': '로그인 되찾기',
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='Site',
            fields=[
                ('audit', models.UUIDField(verbose_name='감사 기록')),
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('use', models.CharField(choices=[('office', '사무소'), ('shop', '매장'), ('workshop', '작업장'), ('store', '창고'), ('other', '그 밖')], default='office', max_length=10, verbose_name='쓰임')),
                ('address', models.CharField(blank=True, default='', max_length=200, verbose_name='주소')),
                ('dong', models.CharField(blank=True, default='', max_length=10, verbose_name='행정동 코드')),
                ('latitude_e5', models.IntegerField(null=True, verbose_name='위도(10만분의 1도)')),
                ('longitude_e5', models.IntegerField(null=True, verbose_name='경도(10만분의 1도)')),
                ('is_head', models.BooleanField(default=False, verbose_name='본점')),
                ('valid', django.contrib.postgres.fields.ranges.DateRangeField(verbose_name='기간')),
            ],
            options={
                'verbose_name': '사업장',
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='Standing',
            fields=[
                ('audit', models.UUIDField(verbose_name='감사 기록')),
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('standing', models.CharField(choices=[('good', '정상'), ('arrears', '체납'), ('suspended', '정지')], max_length=10, verbose_name='자격 상태')),
                ('cause', models.UUIDField(null=True, verbose_name='까닭')),
                ('valid', django.contrib.postgres.fields.ranges.DateRangeField(verbose_name='기간')),
            ],
            options={
                'verbose_name': '자격 상태',
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='Tie',
            fields=[
                ('audit', models.UUIDField(verbose_name='감사 기록')),
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('owner', '소유'), ('officer', '임원'), ('employee', '고용'), ('family', '가족'), ('creditor', '채권·채무'), ('other', '그 밖')], max_length=8, verbose_name='관계')),
                ('source', models.CharField(choices=[('declared', '본인 신고'), ('registry', '등록부'), ('found', '나중에 드러남')], default='declared', max_length=8, verbose_name='출처')),
                ('declared_at', models.DateTimeField(verbose_name='신고 시각')),
            ],
            options={
                'verbose_name': '이해관계',
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='Approval',
            fields=[
                ('audit', models.UUIDField(verbose_name='감사 기록')),
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('action', models.CharField(max_length=80, verbose_name='행위')),
                ('body', models.JSONField(verbose_name='내용')),
                ('body_hash', models.CharField(max_length=64, verbose_name='내용 해시')),
                ('requester', models.UUIDField(verbose_name='요청한 사람')),
                ('scope_kind', models.CharField(blank=True, default='', max_length=12, verbose_name='범위')),
                ('scope_id', models.CharField(blank=True, default='', max_length=40, verbose_name='범위 대상')),
                ('organisation', models.UUIDField(null=True, verbose_name='조직')),
                ('reason', models.CharField(blank=True, default='', max_length=500, verbose_name='이유')),
                ('needed', models.SmallIntegerField(default=1, verbose_name='필요한 승인 수')),
                ('state', models.CharField(choices=[('asked', '승인 기다림'), ('approved', '승인함'), ('refused', '거절함'), ('withdrawn', '거둠'), ('used', '실행함')], default='asked', max_length=10, verbose_name='상태')),
                ('asked_at', models.DateTimeField(verbose_name='요청 시각')),
                ('expires_at', models.DateTimeField(verbose_name='만료 시각')),
            ],
            options={
                'verbose_name': '승인',
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
                'indexes': [models.Index(fields=['state', 'expires_at'], name='approval_waiting')],
                'constraints': [models.CheckConstraint(condition=models.Q(('needed__gte', 1)), name='approval_needs_somebody'), models.CheckConstraint(condition=models.Q(('expires_at__gt', models.F('asked_at'))), name='approval_expires_after_asking')],
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='approval',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='d7c11b64a5e2d839d0514d1609032e2aa42508e2', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_f1f92', table='registry_approval', when='BEFORE')),
        ),
        migrations.AddField(
            model_name='approvaldecision',
            name='approval',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='registry.approval'),
        ),
        migrations.AddConstraint(
            model_name='district',
            constraint=models.UniqueConstraint(fields=('kostat',), name='district_has_one_kostat_code'),
        ),
        migrations.AddConstraint(
            model_name='district',
            constraint=models.UniqueConstraint(fields=('name',), name='district_has_one_name'),
        ),
        migrations.AddConstraint(
            model_name='district',
            constraint=models.CheckConstraint(condition=models.Q(('sig__regex', '^[0-9]{5}$'), models.Q(('sig', '00000'), _negated=True)), name='district_is_not_the_whole_city'),
        ),
        migrations.AddField(
            model_name='centre',
            name='district',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='registry.district', verbose_name='자치구'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='district',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='47e76ee2190f4f77579f3dde4aa73d1942bafacb', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_36296', table='registry_district', when='BEFORE')),
        ),
        migrations.AddField(
            model_name='dong',
            name='district',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='registry.district', verbose_name='자치구'),
        ),
        migrations.AddField(
            model_name='import',
            name='district',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to='registry.district', verbose_name='자치구'),
        ),
        migrations.AddConstraint(
            model_name='importmapping',
            constraint=models.UniqueConstraint(fields=('scope', 'header'), name='importmapping_is_one_a_scope_and_header'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='importmapping',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='dc18ef6dfe3571c8847db8cb0636f1faaca7cf45', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_55948', table='registry_importmapping', when='BEFORE')),
        ),
        migrations.AddField(
            model_name='importrow',
            name='imp',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='rows_staged', to='registry.import'),
        ),
        migrations.AddField(
            model_name='acting',
            name='mandate',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='stretches', to='registry.mandate'),
        ),
        migrations.AddField(
            model_name='mandatepair',
            name='mandate',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pairs', to='registry.mandate'),
        ),
        migrations.AddField(
            model_name='membership',
            name='household',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='members', to='registry.household'),
        ),
        migrations.AddField(
            model_name='organisation',
            name='district',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='registry.district', verbose_name='본점 자치구'),
        ),
        migrations.AddField(
            model_name='organisation',
            name='merged_into',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='merged', to='registry.organisation', verbose_name='합쳐진 조직'),
        ),
        migrations.AddField(
            model_name='merge',
            name='kept',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='merges_kept', to='registry.organisation'),
        ),
        migrations.AddField(
            model_name='merge',
            name='other',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='merges_other', to='registry.organisation'),
        ),
        migrations.AddField(
            model_name='membership',
            name='member',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='federations', to='registry.organisation', verbose_name='회원 조직'),
        ),
        migrations.AddField(
            model_name='membership',
            name='organisation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to='registry.organisation'),
        ),
        migrations.AddField(
            model_name='invitation',
            name='organisation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='invitations', to='registry.organisation'),
        ),
        migrations.AddField(
            model_name='household',
            name='organisation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='households', to='registry.organisation'),
        ),
        migrations.AddField(
            model_name='centre',
            name='organisation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='registry.organisation', verbose_name='조직'),
        ),
        migrations.AddField(
            model_name='orgcontact',
            name='organisation',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='contacts', to='registry.organisation'),
        ),
        migrations.AddField(
            model_name='orgedit',
            name='organisation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='edits', to='registry.organisation'),
        ),
        migrations.AddField(
            model_name='orgname',
            name='organisation',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='names', to='registry.organisation'),
        ),
        migrations.AddField(
            model_name='orgnumber',
            name='organisation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='numbers', to='registry.organisation'),
        ),
        migrations.AddField(
            model_name='orgstate',
            name='organisation',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='states', to='registry.organisation'),
        ),
        migrations.AddField(
            model_name='orgstatus',
            name='organisation',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='statuses', to='registry.organisation'),
        ),
        migrations.AddField(
            model_name='orgyear',
            name='corrects',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, to='registry.orgyear', verbose_name='바로잡는 값'),
        ),
        migrations.AddField(
            model_name='orgyear',
            name='organisation',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='years', to='registry.organisation'),
        ),
        migrations.AddField(
            model_name='membership',
            name='person',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to='registry.person'),
        ),
        migrations.AddField(
            model_name='mandate',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='mandates', to='registry.person'),
        ),
        migrations.AddField(
            model_name='invitation',
            name='accepted_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='accepted_invitations', to='registry.person'),
        ),
        migrations.AddField(
            model_name='invitation',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='invitations', to='registry.person'),
        ),
        migrations.AddField(
            model_name='household',
            name='voting_person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='registry.person', verbose_name='투표하는 사람'),
        ),
        migrations.AddField(
            model_name='device',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='devices', to='registry.person'),
        ),
        migrations.AddField(
            model_name='consent',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='consents', to='registry.person'),
        ),
        migrations.AddField(
            model_name='breakglass',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='opened_in_need', to='registry.person'),
        ),
        migrations.AddField(
            model_name='acting',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='helped', to='registry.person'),
        ),
        migrations.AddField(
            model_name='login',
            name='person',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='login', to='registry.person'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='person',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='fbfdc41243655f8c281c4673e3c566d1eda09d95', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_bc682', table='registry_person', when='BEFORE')),
        ),
        migrations.AddField(
            model_name='personfact',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='facts', to='registry.person'),
        ),
        migrations.AddField(
            model_name='population',
            name='corrects',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, to='registry.population', verbose_name='바로잡는 값'),
        ),
        migrations.AddField(
            model_name='population',
            name='district',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='registry.district', verbose_name='자치구'),
        ),
        migrations.AddConstraint(
            model_name='purpose',
            constraint=models.UniqueConstraint(fields=('code', 'version'), name='purpose_version_is_one'),
        ),
        migrations.AddField(
            model_name='consent',
            name='purpose',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='consents', to='registry.purpose'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='purpose',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='1aaf2bd042ca0aba5aee293c3833ec032c6867a8', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_d2d63', table='registry_purpose', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='purpose',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'dure.append_only' USING ERRCODE = 'P0001';", hash='ea410c381b958a2175a715a2dd73f3ac509f8474', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_fd7cd', table='registry_purpose', when='BEFORE')),
        ),
        migrations.AddField(
            model_name='recovery',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='recoveries', to='registry.person'),
        ),
        migrations.AddField(
            model_name='site',
            name='district',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='registry.district', verbose_name='자치구'),
        ),
        migrations.AddField(
            model_name='site',
            name='organisation',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='sites', to='registry.organisation'),
        ),
        migrations.AddField(
            model_name='standing',
            name='membership',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='standings', to='registry.membership'),
        ),
        migrations.AddField(
            model_name='tie',
            name='ends',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, to='registry.tie', verbose_name='끝내는 관계'),
        ),
        migrations.AddField(
            model_name='tie',
            name='organisation',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='ties', to='registry.organisation'),
        ),
        migrations.AddField(
            model_name='tie',
            name='other_person',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='tied_by', to='registry.person'),
        ),
        migrations.AddField(
            model_name='tie',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='ties', to='registry.person'),
        ),
        migrations.AddConstraint(
            model_name='approvaldecision',
            constraint=models.UniqueConstraint(fields=('approval', 'approver'), name='approvaldecision_one_a_person'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='approvaldecision',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='7bdc751ae1b9661b442d9700aa1eb58773c848fa', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_16461', table='registry_approvaldecision', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='approvaldecision',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'dure.append_only' USING ERRCODE = 'P0001';", hash='cbce27bb3c44c0664963a2c164a84c6fce4cfba4', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_2acf5', table='registry_approvaldecision', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='dong',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=(('system', '='), ('code', '='), ('valid', '&&')), name='dong_code_means_one_place_a_day'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='dong',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='7f4f72066f8b3726e6667545827b816402bea1fd', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_6e559', table='registry_dong', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='import',
            index=models.Index(fields=['opener', 'opened_at'], name='import_by_opener'),
        ),
        migrations.AddConstraint(
            model_name='import',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'applied')), fields=('scope_key',), name='import_of_one_list_is_applied_once'),
        ),
        migrations.AddConstraint(
            model_name='import',
            constraint=models.CheckConstraint(condition=models.Q(('approver__isnull', True), models.Q(('approver', models.F('opener')), _negated=True), _connector='OR'), name='import_approver_is_not_the_opener'),
        ),
        migrations.AddConstraint(
            model_name='import',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('applied_line__isnull', False), ('state', 'applied')), models.Q(('applied_line__isnull', False), ('state', 'undone')), models.Q(('state__in', ('applied', 'undone')), _negated=True), _connector='OR'), name='import_applied_names_its_line'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='import',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='26504ae8036608d19128aeb0887af80c597dcae7', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_968cf', table='registry_import', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='importrow',
            constraint=models.UniqueConstraint(fields=('imp', 'line'), name='importrow_is_one_line_of_a_file'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='importrow',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='50088464a25b9138302b0cd4a9dae8c9f470d623', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_533b9', table='registry_importrow', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='mandatepair',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=(('person', '='), ('scope', '='), ('pair', '='), ('side', '<>'), ('valid', '&&')), name='mandatepair_roles_are_not_held_together'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='mandatepair',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='b0479b72ff56992b5ed7fd3cadf228fe65435e9a', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_b6874', table='registry_mandatepair', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='organisation',
            index=models.Index(fields=['name_key', 'id'], name='organisation_by_name'),
        ),
        migrations.AddIndex(
            model_name='organisation',
            index=models.Index(fields=['district', 'name_key', 'id'], name='organisation_by_gu_name'),
        ),
        migrations.AddIndex(
            model_name='organisation',
            index=models.Index(condition=models.Q(('merged_into__isnull', False)), fields=['merged_into'], name='organisation_by_kept'),
        ),
        migrations.AddConstraint(
            model_name='organisation',
            constraint=models.CheckConstraint(condition=models.Q(('ended_on__isnull', True), ('founded_on__isnull', True), ('ended_on__gte', models.F('founded_on')), _connector='OR'), name='organisation_ends_after_it_was_founded'),
        ),
        migrations.AddConstraint(
            model_name='organisation',
            constraint=models.CheckConstraint(condition=models.Q(('merged_into__isnull', True), models.Q(('merged_into', models.F('id')), _negated=True), _connector='OR'), name='organisation_is_not_merged_into_itself'),
        ),
        migrations.AddConstraint(
            model_name='organisation',
            constraint=models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='organisation_has_a_name'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='organisation',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='69be1e7b5be9c58ef74e951754e8adad830fde51', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_a80e7', table='registry_organisation', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='merge',
            constraint=models.CheckConstraint(condition=models.Q(('kept', models.F('other')), _negated=True), name='merge_takes_two_organisations'),
        ),
        migrations.AddConstraint(
            model_name='merge',
            constraint=models.CheckConstraint(condition=models.Q(('approver__isnull', True), models.Q(('approver', models.F('proposer')), _negated=True), _connector='OR'), name='merge_approver_is_not_the_proposer'),
        ),
        migrations.AddConstraint(
            model_name='merge',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ('proposed', 'approved'))), fields=('other',), name='merge_of_an_organisation_is_open_once'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='merge',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='125f1696b711177c6d71fa55ad362c391d857b81', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_20e71', table='registry_merge', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='centre',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=(('district', '='), ('valid', '&&')), name='centre_one_per_district_and_day'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='centre',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='9f6575574d6f3e5350886b164798139cc0182f6d', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_1d10e', table='registry_centre', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='orgcontact',
            constraint=models.UniqueConstraint(fields=('organisation', 'kind', 'value'), name='orgcontact_is_held_once'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='orgcontact',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='7a401ff6f6e97c9e56f143924ee1b29deb5b044a', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_c5978', table='registry_orgcontact', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='orgedit',
            index=models.Index(fields=['state', 'proposed_at'], name='orgedit_waiting'),
        ),
        migrations.AddConstraint(
            model_name='orgedit',
            constraint=models.CheckConstraint(condition=models.Q(('reviewer__isnull', True), models.Q(('reviewer', models.F('proposer')), _negated=True), _connector='OR'), name='orgedit_reviewer_is_not_the_proposer'),
        ),
        migrations.AddConstraint(
            model_name='orgedit',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ('proposed', 'withdrawn')), ('reviewer__isnull', False), _connector='OR'), name='orgedit_answer_names_its_reviewer'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='orgedit',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='5fbc9982888dae9daf309525bb8ee55a47aa4165', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_38a7f', table='registry_orgedit', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='orgname',
            constraint=models.UniqueConstraint(models.F('organisation'), models.Func(output_field=models.DateField(), template="(CASE WHEN true THEN coalesce(upper(valid), CASE WHEN upper_inf(valid) THEN 'infinity'::date END) END)"), name='orgname_one_name_a_day_by_end'),
        ),
        migrations.AddConstraint(
            model_name='orgname',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('valid__upper_inf', False)), expressions=(('organisation', '='), ('valid', '&&')), name='orgname_one_name_a_day'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='orgname',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='4681127d30c1936632c4eac7c761e1b891e5f2a2', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_a06c8', table='registry_orgname', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='orgnumber',
            constraint=models.UniqueConstraint(models.F('token'), models.Func(output_field=models.DateField(), template="(CASE WHEN true THEN coalesce(upper(valid), CASE WHEN upper_inf(valid) THEN 'infinity'::date END) END)"), name='orgnumber_belongs_to_one_organisation_a_day_by_end'),
        ),
        migrations.AddConstraint(
            model_name='orgnumber',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('valid__upper_inf', False)), expressions=(('token', '='), ('valid', '&&')), name='orgnumber_belongs_to_one_organisation_a_day'),
        ),
        migrations.AddConstraint(
            model_name='orgnumber',
            constraint=models.CheckConstraint(condition=models.Q(('digits__isnull', True), models.Q(('digits__regex', '^[0-9]{10}$'), ('scheme', 'biz')), models.Q(('digits__regex', '^[0-9]{13}$'), ('scheme', 'corp')), _connector='OR'), name='orgnumber_has_the_digits_of_its_scheme'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='orgnumber',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='915cdcce042f6c37f9575aaa59a3b3e3dd35ff69', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_2001f', table='registry_orgnumber', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='orgstate',
            constraint=models.UniqueConstraint(models.F('organisation'), models.Func(output_field=models.DateField(), template="(CASE WHEN true THEN coalesce(upper(valid), CASE WHEN upper_inf(valid) THEN 'infinity'::date END) END)"), name='orgstate_one_state_a_day_by_end'),
        ),
        migrations.AddConstraint(
            model_name='orgstate',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('valid__upper_inf', False)), expressions=(('organisation', '='), ('valid', '&&')), name='orgstate_one_state_a_day'),
        ),
        migrations.AddConstraint(
            model_name='orgstate',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'closed'), _negated=True), ('valid__upper_inf', True), _connector='OR'), name='orgstate_closed_is_the_last'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='orgstate',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='8f5907bd7a50865415bcebdd41f61525d1ed18bb', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_19895', table='registry_orgstate', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='orgstatus',
            index=models.Index(fields=['code', 'organisation'], name='orgstatus_by_code'),
        ),
        migrations.AddConstraint(
            model_name='orgstatus',
            constraint=models.UniqueConstraint(models.F('organisation'), models.F('code'), models.Func(output_field=models.DateField(), template="(CASE WHEN true THEN coalesce(upper(valid), CASE WHEN upper_inf(valid) THEN 'infinity'::date END) END)"), name='orgstatus_held_once_a_day_by_end'),
        ),
        migrations.AddConstraint(
            model_name='orgstatus',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('valid__upper_inf', False)), expressions=(('organisation', '='), ('code', '='), ('valid', '&&')), name='orgstatus_held_once_a_day'),
        ),
        migrations.AddConstraint(
            model_name='orgstatus',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('evidence_class', 'C'), _negated=True), models.Q(models.Q(('issuer', ''), _negated=True), models.Q(models.Q(('certificate', ''), _negated=True), ('evidence_upload__isnull', False), _connector='OR')), _connector='OR'), name='orgstatus_of_class_c_names_issuer_and_paper'),
        ),
        migrations.AddConstraint(
            model_name='orgstatus',
            constraint=models.CheckConstraint(condition=models.Q(('evidence_class__in', ('A', 'B', 'C'))), name='orgstatus_has_a_class'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='orgstatus',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='95e295e182ce7d3ead2c6c423045fb721104a227', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_670e7', table='registry_orgstatus', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='orgyear',
            constraint=models.UniqueConstraint(fields=('organisation', 'year', 'kind', 'corrects'), name='orgyear_is_stated_once_and_then_corrected', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='orgyear',
            constraint=models.CheckConstraint(condition=models.Q(('value__gte', 0)), name='orgyear_is_not_negative'),
        ),
        migrations.AddConstraint(
            model_name='orgyear',
            constraint=models.CheckConstraint(condition=models.Q(('year__range', (1900, 2200))), name='orgyear_is_a_calendar_year'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='orgyear',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='68f328cd4fb661058e1a2b75352d8cc3e62339d6', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_0d60e', table='registry_orgyear', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='orgyear',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'dure.append_only' USING ERRCODE = 'P0001';", hash='0478317532b064bb16b10d88ca6f0dd37aba7780', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_5ecc4', table='registry_orgyear', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('member__isnull', False), ('person__isnull', True)), models.Q(('member__isnull', True), ('person__isnull', False)), _connector='OR'), name='membership_has_exactly_one_member'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.CheckConstraint(condition=models.Q(('member__isnull', True), models.Q(('member', models.F('organisation')), _negated=True), _connector='OR'), name='membership_of_itself_is_none'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ('admitted', 'left')), ('valid__isnull', False)), models.Q(('state__in', ('applied', 'refused', 'withdrawn')), ('valid__isnull', True)), _connector='OR'), name='membership_is_dated_once_admitted'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=(('organisation', '='), ('person', '='), ('valid', '&&')), name='membership_of_a_person_is_one_a_day'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=(('organisation', '='), ('member', '='), ('valid', '&&')), name='membership_of_an_organisation_is_one_a_day'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.UniqueConstraint(condition=models.Q(('person__isnull', False), ('state', 'applied')), fields=('organisation', 'person'), name='membership_of_a_person_is_asked_for_once'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.UniqueConstraint(condition=models.Q(('member__isnull', False), ('state', 'applied')), fields=('organisation', 'member'), name='membership_of_an_organisation_is_asked_for_once'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='membership',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='a5a9c35d255d9ae32c65e2a066821429423a3c94', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_1e7fb', table='registry_membership', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='mandate',
            index=models.Index(fields=['scope_kind', 'scope_id'], name='mandate_scope'),
        ),
        migrations.AddConstraint(
            model_name='mandate',
            constraint=models.CheckConstraint(condition=models.Q(('given_by__isnull', True), models.Q(('given_by', models.F('person')), _negated=True), _connector='OR'), name='mandate_is_given_by_somebody_else'),
        ),
        migrations.AddConstraint(
            model_name='mandate',
            constraint=models.CheckConstraint(condition=models.Q(('valid__startswith__isnull', False), ('valid__isempty', True), _connector='OR'), name='mandate_begins_on_an_instant'),
        ),
        migrations.AddConstraint(
            model_name='mandate',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=(('person', '='), ('role', '='), ('scope_kind', '='), ('scope_id', '='), ('valid', '&&')), name='mandate_held_once_at_a_time'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='mandate',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='345570f3ba0229542614a8bddc0c186f8aaf692a', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_67de9', table='registry_mandate', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='invitation',
            index=models.Index(fields=['organisation', 'sent_at'], name='invitation_organisation'),
        ),
        migrations.AddConstraint(
            model_name='invitation',
            constraint=models.CheckConstraint(condition=models.Q(('accepted_at__isnull', True), ('revoked_at__isnull', True), _connector='OR'), name='invitation_is_not_both_accepted_and_revoked'),
        ),
        migrations.AddConstraint(
            model_name='invitation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('accepted_at__isnull', True), ('accepted_by__isnull', True)), models.Q(('accepted_at__isnull', False), ('accepted_by__isnull', False)), _connector='OR'), name='invitation_is_accepted_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='invitation',
            constraint=models.CheckConstraint(condition=models.Q(('expires_at__gt', models.F('sent_at'))), name='invitation_ends_after_it_was_sent'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='invitation',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='6a6e51cab0d4f8bc5123e013e0a5ff277c8d83d1', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_31037', table='registry_invitation', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='household',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=(('organisation', '='), ('voting_person', '='), ('valid', '&&')), name='household_one_a_person_organisation_and_day'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='household',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='e4266152701cc676b15c64345ba0b487e753beef', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_0d8df', table='registry_household', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='device',
            constraint=models.CheckConstraint(condition=models.Q(('slot__in', (1, 2, 3, 4, 5))), name='device_slot_is_known'),
        ),
        migrations.AddConstraint(
            model_name='device',
            constraint=models.UniqueConstraint(condition=models.Q(('dropped_at__isnull', True)), fields=('person', 'slot'), name='device_slot_is_taken_once'),
        ),
        migrations.AddConstraint(
            model_name='device',
            constraint=models.UniqueConstraint(condition=models.Q(('dropped_at__isnull', True)), fields=('mark',), name='device_tells_one_person'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='device',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='ca93d037f6fde6d4fe0896898023037169931b1b', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_9449e', table='registry_device', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='breakglass',
            constraint=models.CheckConstraint(condition=models.Q(('decided_by__isnull', True), models.Q(('decided_by', models.F('asked_by')), _negated=True), _connector='OR'), name='breakglass_needs_two'),
        ),
        migrations.AddConstraint(
            model_name='breakglass',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('person', models.F('asked_by')), _negated=True), models.Q(('decided_by__isnull', True), models.Q(('decided_by', models.F('person')), _negated=True), _connector='OR')), name='breakglass_is_not_of_oneself'),
        ),
        migrations.AddConstraint(
            model_name='breakglass',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ends_at__isnull', True), ('granted_at__isnull', True)), models.Q(('decided_by__isnull', False), ('ends_at__lte', models.ExpressionWrapper(django.db.models.expressions.CombinedExpression(models.F('granted_at'), '+', models.Value(datetime.timedelta(seconds=1800))), output_field=models.DateTimeField()))), _connector='OR'), name='breakglass_is_short'),
        ),
        migrations.AddConstraint(
            model_name='breakglass',
            constraint=models.CheckConstraint(condition=models.Q(('reviewed_by__isnull', True), models.Q(models.Q(('reviewed_by', models.F('asked_by')), _negated=True), models.Q(('reviewed_by', models.F('decided_by')), _negated=True)), _connector='OR'), name='breakglass_is_reviewed_by_a_third'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='breakglass',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='953c2f82ac822f25e01ef48a1cb83c3a5d829e30', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_d6d2a', table='registry_breakglass', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='acting',
            index=models.Index(fields=['staff', 'ends_at'], name='acting_by_staff'),
        ),
        migrations.AddConstraint(
            model_name='acting',
            constraint=models.CheckConstraint(condition=models.Q(('ends_at__gte', models.F('began_at'))), name='acting_ends_after_it_began'),
        ),
        migrations.AddConstraint(
            model_name='acting',
            constraint=models.CheckConstraint(condition=models.Q(('person', models.F('staff')), _negated=True), name='acting_is_for_somebody_else'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='acting',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='5b02ded101b78dedd69c4e953d27d1a6a5ba928f', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_9d39e', table='registry_acting', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='login',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='fbd32806fcfd737544c515fd36f4775ab1e33a80', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_b4fda', table='registry_login', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='personfact',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('kind', 'home')), expressions=(('person', '='), ('valid', '&&')), name='personfact_one_home_a_day'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='personfact',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='64d9157844d5cfb68ab88612720a9de93e9243e4', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_36f4a', table='registry_personfact', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='population',
            constraint=models.CheckConstraint(condition=models.Q(('heads__gte', 0)), name='population_is_not_negative'),
        ),
        migrations.AddConstraint(
            model_name='population',
            constraint=models.UniqueConstraint(condition=models.Q(('corrects__isnull', True)), fields=('district', 'on', 'age_band', 'sex'), name='population_is_stated_once_and_then_corrected'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='population',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='7fa5b8ddc1cdd570f23de7450db02b3c277c4b2e', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_690dc', table='registry_population', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='population',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'dure.append_only' USING ERRCODE = 'P0001';", hash='a2885493d9ffce9269d2102ca25b5dd25dc15dba', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_f5ebc', table='registry_population', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='consent',
            index=models.Index(fields=['person', 'purpose', 'at'], name='consent_last_act'),
        ),
        migrations.AddConstraint(
            model_name='consent',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('how', 'screen'), ('witness__isnull', True)), models.Q(models.Q(('how', 'screen'), _negated=True), ('witness__isnull', False)), _connector='OR'), name='consent_off_screen_has_a_witness'),
        ),
        migrations.AddConstraint(
            model_name='consent',
            constraint=models.CheckConstraint(condition=models.Q(('witness__isnull', True), models.Q(('witness', models.F('person')), _negated=True), _connector='OR'), name='consent_witness_is_somebody_else'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='consent',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='c45c319909f3760ad51d4c58c7a17a6a63d9f86b', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_39b2e', table='registry_consent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='consent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'dure.append_only' USING ERRCODE = 'P0001';", hash='25a973f99512150fa8caa389b93f9040f2ea9103', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_0cc74', table='registry_consent', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='recovery',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('asked_by', models.F('decided_by')), _negated=True), ('decided_by__isnull', True), _connector='OR'), name='recovery_is_agreed_by_somebody_else'),
        ),
        migrations.AddConstraint(
            model_name='recovery',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('person', models.F('asked_by')), _negated=True), models.Q(('decided_by__isnull', True), models.Q(('person', models.F('decided_by')), _negated=True), _connector='OR')), name='recovery_is_not_of_oneself'),
        ),
        migrations.AddConstraint(
            model_name='recovery',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ('asked', 'stopped', 'refused')), models.Q(('decided_by__isnull', False), ('opens_at__gt', models.F('decided_at'))), _connector='OR'), name='recovery_waits_after_it_was_agreed'),
        ),
        migrations.AddConstraint(
            model_name='recovery',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ('asked', 'agreed', 'printed'))), fields=('person',), name='recovery_is_one_a_person'),
        ),
        migrations.AddConstraint(
            model_name='recovery',
            constraint=models.UniqueConstraint(condition=models.Q(('code_tag', ''), _negated=True), fields=('code_tag',), name='recovery_code_is_one'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='recovery',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='d48b44dc86d4581a592b8d07f31e7303dbf1df58', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_7e829', table='registry_recovery', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='site',
            constraint=models.UniqueConstraint(models.F('organisation'), models.Func(output_field=models.DateField(), template="(CASE WHEN is_head THEN coalesce(upper(valid), CASE WHEN upper_inf(valid) THEN 'infinity'::date END) END)"), name='site_one_head_office_a_day_by_end'),
        ),
        migrations.AddConstraint(
            model_name='site',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('is_head', True), ('valid__upper_inf', False)), expressions=(('organisation', '='), ('valid', '&&')), name='site_one_head_office_a_day'),
        ),
        migrations.AddConstraint(
            model_name='site',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('latitude_e5__isnull', True), ('longitude_e5__isnull', True)), models.Q(('latitude_e5__range', (-9000000, 9000000)), ('longitude_e5__range', (-18000000, 18000000))), _connector='OR'), name='site_has_both_coordinates_or_none'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='site',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='a6feba7640fdb41aa3dab2793048b4d9c804268b', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_8a8e1', table='registry_site', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='standing',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=(('membership', '='), ('valid', '&&')), name='standing_one_a_day'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='standing',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='f1c23a2864ffed31c0cbad5efca26f3b8b0f2828', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_6e8b7', table='registry_standing', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='tie',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('organisation__isnull', True), ('other_person__isnull', False)), models.Q(('organisation__isnull', False), ('other_person__isnull', True)), _connector='OR'), name='tie_has_exactly_one_party'),
        ),
        migrations.AddConstraint(
            model_name='tie',
            constraint=models.CheckConstraint(condition=models.Q(('other_person__isnull', True), models.Q(('other_person', models.F('person')), _negated=True), _connector='OR'), name='tie_to_oneself_is_none'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='tie',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='82895c1655c5d32cb38e3d93e9e27314b6509c6e', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_bd2a1', table='registry_tie', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='tie',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'dure.append_only' USING ERRCODE = 'P0001';", hash='53a6ea94a6800e8c836f6c58fec04a231e0bb789', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_27b95', table='registry_tie', when='BEFORE')),
        ),
    ]
