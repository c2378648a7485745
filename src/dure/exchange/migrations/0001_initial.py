import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.fields.json
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
            name='Spec',
            fields=[
                ('id', models.AutoField(primary_key=True, serialize=False)),
                ('scheme', models.CharField(max_length=20, verbose_name='체계')),
                ('code', models.CharField(max_length=40, verbose_name='부호')),
                ('kind', models.CharField(choices=[('skill', '기술'), ('service', '서비스'), ('item', '물건'), ('food', '먹거리'), ('energy', '에너지'), ('dwelling', '집'), ('ride', '이동')], max_length=8, verbose_name='종류')),
                ('ko', models.CharField(max_length=60, verbose_name='이름')),
                ('en', models.CharField(max_length=60, verbose_name='영문 이름')),
                ('label', models.CharField(max_length=40, verbose_name='표준 라벨')),
                ('unit', models.CharField(max_length=6, verbose_name='단위')),
                ('codes', models.JSONField(default=dict, verbose_name='다른 체계의 부호')),
                ('allergens', models.JSONField(default=list, verbose_name='알레르기 유발 물질')),
                ('audit', models.UUIDField(verbose_name='감사 기록')),
            ],
            options={
                'verbose_name': '품목·기술',
                'ordering': ('scheme', 'code'),
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='Timer',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('transition', models.CharField(max_length=20, verbose_name='옮김')),
                ('due_at', models.DateTimeField(verbose_name='때')),
                ('fired_at', models.DateTimeField(null=True, verbose_name='울린 때')),
                ('refusal', models.JSONField(null=True, verbose_name='옮기지 못한 까닭')),
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
            name='Asset',
            fields=[
                ('audience', models.CharField(choices=[('public', '누구나'), ('district', '같은 자치구 주민'), ('members', '이 조직의 조합원')], max_length=8, verbose_name='보는 사람')),
                ('place', models.CharField(blank=True, default='', max_length=200, verbose_name='곳')),
                ('latitude_e5', models.IntegerField(null=True, verbose_name='위도(10만분의 1도)')),
                ('longitude_e5', models.IntegerField(null=True, verbose_name='경도(10만분의 1도)')),
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('equipment', '장비'), ('trip', '운행 구간'), ('stock', '재고'), ('dwelling', '집'), ('meter', '계량기'), ('other', '그 밖')], default='equipment', max_length=10, verbose_name='갈래')),
                ('title', models.CharField(max_length=200, verbose_name='이름')),
                ('text', models.CharField(blank=True, default='', max_length=2000, verbose_name='설명')),
                ('search_key', models.CharField(default='', max_length=200, verbose_name='찾기 열쇠')),
                ('owner', models.UUIDField(null=True, verbose_name='주인')),
                ('lanes', models.SmallIntegerField(default=1, verbose_name='칸')),
                ('buffer_min', models.IntegerField(default=0, verbose_name='앞뒤 여유(분)')),
                ('hours', models.CharField(blank=True, default='', max_length=500, verbose_name='여는 때(RRULE)')),
                ('stock', models.BigIntegerField(default=0, verbose_name='재고')),
                ('reserved', models.BigIntegerField(default=0, verbose_name='맡아 둔 재고')),
                ('condition', models.CharField(choices=[('good', '좋음'), ('fair', '쓸 만함'), ('repair', '수리 필요'), ('retired', '내보냄')], default='good', max_length=8, verbose_name='상태')),
                ('terms', models.JSONField(default=dict, verbose_name='조건')),
                ('created_at', models.DateTimeField(verbose_name='만든 시각')),
                ('retired_at', models.DateTimeField(null=True, verbose_name='내보낸 시각')),
                ('audit', models.UUIDField(verbose_name='감사 기록')),
                ('district', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.district', verbose_name='자치구')),
                ('organisation', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.organisation', verbose_name='조직')),
                ('parent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='parts', to='exchange.asset', verbose_name='윗 자원')),
            ],
            options={
                'verbose_name': '자원',
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
                ('starts', models.DateTimeField(null=True, verbose_name='하기로 한 때')),
                ('ends', models.DateTimeField(null=True, verbose_name='끝내기로 한 때')),
                ('terms', models.JSONField(verbose_name='내용')),
                ('opened_at', models.DateTimeField(verbose_name='시작 시각')),
                ('entered_at', models.DateTimeField(verbose_name='상태가 된 시각')),
                ('closed_at', models.DateTimeField(null=True, verbose_name='끝난 시각')),
                ('is_closed', models.GeneratedField(db_persist=True, expression=models.ExpressionWrapper(models.Q(('closed_at__isnull', False)), models.BooleanField()), output_field=models.BooleanField(verbose_name='끝남'))),
                ('external_ref', models.CharField(max_length=80, null=True, verbose_name='바깥 번호')),
                ('external_digest', models.CharField(max_length=64, null=True, verbose_name='바깥 내용 해시')),
                ('audit', models.UUIDField(verbose_name='감사 기록')),
                ('district', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.district', verbose_name='자치구')),
                ('organisation', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.organisation', verbose_name='조직')),
                ('parent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='exchange.agreement', verbose_name='윗 약속')),
                ('asset', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='agreements', to='exchange.asset', verbose_name='자원')),
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
                ('acted_for', models.UUIDField(null=True, verbose_name='대신한 사람')),
                ('role', models.CharField(max_length=20, verbose_name='역할')),
                ('transition', models.CharField(blank=True, db_default='', default='', max_length=20, verbose_name='옮김')),
                ('kind', models.CharField(choices=[('outcome', '결과'), ('confirm', '확인'), ('dispute', '이의'), ('correct', '바로잡음'), ('review', '후기'), ('reply', '후기에 답함'), ('object', '후기에 이의'), ('ruling', '이의를 정함'), ('inspect', '살펴봄'), ('note', '메모'), ('shown', '코드 보임'), ('photo', '사진')], max_length=8, verbose_name='종류')),
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
            name='Commitment',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('action', models.CharField(max_length=16, verbose_name='행위')),
                ('giver', models.UUIDField(null=True, verbose_name='주는 쪽')),
                ('taker', models.UUIDField(null=True, verbose_name='받는 쪽')),
                ('lane', models.SmallIntegerField(null=True, verbose_name='칸')),
                ('qty', models.BigIntegerField(default=1, verbose_name='수량')),
                ('unit', models.CharField(default='C62', max_length=6, verbose_name='단위')),
                ('slot', django.contrib.postgres.fields.ranges.DateTimeRangeField(null=True, verbose_name='때')),
                ('reciprocal', models.BooleanField(default=False, verbose_name='되갚음')),
                ('state', models.CharField(choices=[('held', '맡아 둠'), ('out', '나가 있음'), ('done', '마침'), ('released', '풀림')], default='held', max_length=8, verbose_name='상태')),
                ('version', models.IntegerField(default=0, verbose_name='판')),
                ('audit', models.UUIDField(verbose_name='감사 기록')),
                ('agreement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='commitments', to='exchange.agreement')),
                ('asset', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='commitments', to='exchange.asset')),
            ],
            options={
                'verbose_name': '예약·이행 약속',
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='Listing',
            fields=[
                ('audience', models.CharField(choices=[('public', '누구나'), ('district', '같은 자치구 주민'), ('members', '이 조직의 조합원')], max_length=8, verbose_name='보는 사람')),
                ('place', models.CharField(blank=True, default='', max_length=200, verbose_name='곳')),
                ('latitude_e5', models.IntegerField(null=True, verbose_name='위도(10만분의 1도)')),
                ('longitude_e5', models.IntegerField(null=True, verbose_name='경도(10만분의 1도)')),
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('side', models.CharField(choices=[('offer', '나눔'), ('request', '요청')], max_length=7, verbose_name='쪽')),
                ('person', models.UUIDField(null=True, verbose_name='올린 사람')),
                ('title', models.CharField(max_length=200, verbose_name='제목')),
                ('text', models.CharField(blank=True, default='', max_length=2000, verbose_name='글')),
                ('search_key', models.CharField(default='', max_length=400, verbose_name='찾기 열쇠')),
                ('qty_min', models.BigIntegerField(default=1, verbose_name='가장 적게')),
                ('qty_max', models.BigIntegerField(default=1, verbose_name='가장 많이')),
                ('unit', models.CharField(default='C62', max_length=6, verbose_name='단위')),
                ('window', django.contrib.postgres.fields.ranges.DateTimeRangeField(null=True, verbose_name='때')),
                ('to_place', models.CharField(blank=True, default='', max_length=200, verbose_name='가는 곳')),
                ('to_latitude_e5', models.IntegerField(null=True, verbose_name='가는 곳 위도')),
                ('to_longitude_e5', models.IntegerField(null=True, verbose_name='가는 곳 경도')),
                ('reciprocity', models.CharField(choices=[('gift', '그냥 나눔'), ('hours', '시간'), ('won', '원'), ('voucher', '상품권'), ('swap', '물물 나눔')], max_length=7, verbose_name='주고받음')),
                ('rate', models.BigIntegerField(null=True, verbose_name='단위마다')),
                ('terms', models.JSONField(default=dict, verbose_name='조건')),
                ('state', models.CharField(choices=[('open', '열림'), ('check', '살펴보는 중'), ('paused', '쉼'), ('closed', '닫힘')], default='open', max_length=6, verbose_name='상태')),
                ('created_at', models.DateTimeField(verbose_name='올린 시각')),
                ('closed_at', models.DateTimeField(null=True, verbose_name='닫은 시각')),
                ('audit', models.UUIDField(verbose_name='감사 기록')),
                ('asset', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='listings', to='exchange.asset', verbose_name='자원')),
                ('district', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.district', verbose_name='자치구')),
                ('organisation', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.organisation', verbose_name='조직')),
            ],
            options={
                'verbose_name': '나눔·요청 글',
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
            name='listing',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='agreements', to='exchange.listing', verbose_name='글'),
        ),
        migrations.CreateModel(
            name='Match',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('answered_by', models.UUIDField(null=True, verbose_name='하겠다고 한 사람')),
                ('run', models.UUIDField(verbose_name='셈한 차례')),
                ('rank', models.IntegerField(verbose_name='차례')),
                ('score', models.IntegerField(verbose_name='점수(ppm)')),
                ('reasons', models.JSONField(default=list, verbose_name='까닭')),
                ('rule_version', models.UUIDField(null=True, verbose_name='규칙 판')),
                ('state', models.CharField(choices=[('proposed', '제안'), ('held', '맡아 둠'), ('accepted', '받아들임'), ('declined', '사양'), ('lapsed', '지나감')], default='proposed', max_length=8, verbose_name='상태')),
                ('held_until', models.DateTimeField(null=True, verbose_name='맡아 두는 때까지')),
                ('slot', django.contrib.postgres.fields.ranges.DateTimeRangeField(null=True, verbose_name='때')),
                ('made_at', models.DateTimeField(verbose_name='만든 시각')),
                ('audit', models.UUIDField(verbose_name='감사 기록')),
                ('asset', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='matches', to='exchange.asset')),
                ('offer', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='matches_as_offer', to='exchange.listing')),
                ('request', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='matches_as_request', to='exchange.listing')),
            ],
            options={
                'verbose_name': '연결 제안',
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='MeetingPoint',
            fields=[
                ('code', models.CharField(max_length=40, primary_key=True, serialize=False, verbose_name='부호')),
                ('kind', models.CharField(choices=[('station', '역'), ('bus_stop', '버스 정류장'), ('parking', '공영 주차장'), ('office', '주민센터·구청'), ('library', '도서관'), ('market', '시장'), ('park', '공원'), ('school', '학교'), ('hospital', '병원·보건소'), ('square', '광장·그 밖의 공공장소')], max_length=8, verbose_name='갈래')),
                ('ko', models.CharField(max_length=60, verbose_name='이름')),
                ('en', models.CharField(max_length=60, verbose_name='영문 이름')),
                ('latitude_e5', models.IntegerField(verbose_name='위도(10만분의 1도)')),
                ('longitude_e5', models.IntegerField(verbose_name='경도(10만분의 1도)')),
                ('is_closing', models.BooleanField(default=False, verbose_name='더 고르지 않음')),
                ('created_at', models.DateTimeField(verbose_name='만든 시각')),
                ('retired_at', models.DateTimeField(null=True, verbose_name='내린 시각')),
                ('audit', models.UUIDField(verbose_name='감사 기록')),
                ('district', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.district', verbose_name='자치구')),
            ],
            options={
                'verbose_name': '만나는 곳',
                'ordering': ('district', 'ko'),
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
                ('person', models.UUIDField(null=True, verbose_name='사람')),
                ('acted_for', models.UUIDField(null=True, verbose_name='대신한 사람')),
                ('audit', models.UUIDField(verbose_name='감사 기록')),
                ('agreement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='parties', to='exchange.agreement')),
                ('organisation', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.organisation', verbose_name='조직')),
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
                ('state', models.CharField(choices=[('open', '열림'), ('closed', '마감'), ('awarded', '나눔 끝'), ('settled', '정산 끝'), ('replaced', '다시 함')], default='open', max_length=8, verbose_name='상태')),
                ('pickup', models.DateTimeField(null=True, verbose_name='찾아가는 때')),
                ('estate', models.BigIntegerField(null=True, verbose_name='나눌 양')),
                ('unit', models.CharField(blank=True, default='', max_length=6, verbose_name='단위')),
                ('lot', models.BigIntegerField(default=1, verbose_name='묶음 크기')),
                ('price', models.BigIntegerField(null=True, verbose_name='값(원)')),
                ('rule_key', models.CharField(blank=True, default='', max_length=80, verbose_name='나누는 규칙')),
                ('rule_version', models.UUIDField(null=True, verbose_name='규칙 판')),
                ('tie_salt', models.BinaryField(max_length=32, null=True, verbose_name='가름 씨앗')),
                ('tie_commitment', models.CharField(blank=True, default='', max_length=64, verbose_name='가름 씨앗의 해시')),
                ('input_hash', models.CharField(blank=True, default='', max_length=64, verbose_name='입력 해시')),
                ('terms', models.JSONField(default=dict, verbose_name='조건')),
                ('cancelled', models.BooleanField(default=False, verbose_name='취소됨')),
                ('is_synthetic', models.BooleanField(default=False, verbose_name='가상 자료')),
                ('created_at', models.DateTimeField(verbose_name='만든 시각')),
                ('audit', models.UUIDField(verbose_name='감사 기록')),
                ('asset', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='pools', to='exchange.asset', verbose_name='자원')),
                ('district', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.district', verbose_name='자치구')),
                ('organisation', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.organisation', verbose_name='여는 조직')),
                ('parent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='parts', to='exchange.pool', verbose_name='윗 모음')),
                ('rerun_of', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='rerun', to='exchange.pool', verbose_name='다시 한 모음')),
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
        migrations.CreateModel(
            name='Claim',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('person', models.UUIDField(null=True, verbose_name='사람')),
                ('asked', models.BigIntegerField(verbose_name='바란 양')),
                ('firm', models.BigIntegerField(default=0, verbose_name='꼭 필요한 양')),
                ('tolerance', models.BigIntegerField(default=0, verbose_name='더 받아도 되는 양')),
                ('weight', models.BigIntegerField(default=1, verbose_name='무게')),
                ('protected', models.BooleanField(default=False, verbose_name='먼저 채움')),
                ('awarded', models.BigIntegerField(null=True, verbose_name='받은 양')),
                ('weighed', models.BigIntegerField(null=True, verbose_name='달아 본 양')),
                ('reason', models.JSONField(default=dict, verbose_name='까닭')),
                ('made_at', models.DateTimeField(verbose_name='신청한 때')),
                ('withdrawn_at', models.DateTimeField(null=True, verbose_name='거둔 때')),
                ('audit', models.UUIDField(verbose_name='감사 기록')),
                ('agreement', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='claims', to='exchange.agreement', verbose_name='약속')),
                ('organisation', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.organisation', verbose_name='조직')),
                ('pool', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='claims', to='exchange.pool')),
            ],
            options={
                'verbose_name': '배분 신청',
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
            name='ProcessState',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('process', models.CharField(max_length=20, verbose_name='절차')),
                ('version', models.SmallIntegerField(verbose_name='판')),
                ('state', models.CharField(max_length=20, verbose_name='상태')),
                ('terminal', models.BooleanField(verbose_name='끝')),
                ('audit', models.UUIDField(verbose_name='감사 기록')),
            ],
            options={
                'verbose_name': '절차의 상태',
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
                'constraints': [models.UniqueConstraint(fields=('process', 'version', 'state', 'terminal'), name='process_state_once'), models.UniqueConstraint(fields=('process', 'version', 'state'), name='process_state_ends_or_not')],
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='processstate',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='0fecfd326f34e3d7eb97b7dcff72cb4709439fb5', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_7631c', table='exchange_processstate', when='BEFORE')),
        ),
        migrations.AddField(
            model_name='spec',
            name='organisation',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.organisation', verbose_name='조직'),
        ),
        migrations.AddField(
            model_name='pool',
            name='spec',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='exchange.spec', verbose_name='품목'),
        ),
        migrations.AddField(
            model_name='listing',
            name='spec',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='listings', to='exchange.spec', verbose_name='품목·기술'),
        ),
        migrations.AddField(
            model_name='commitment',
            name='spec',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='exchange.spec'),
        ),
        migrations.AddField(
            model_name='asset',
            name='spec',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='assets', to='exchange.spec', verbose_name='품목'),
        ),
        migrations.AddField(
            model_name='agreement',
            name='spec',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='exchange.spec', verbose_name='품목'),
        ),
        migrations.AddField(
            model_name='timer',
            name='agreement',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='timers', to='exchange.agreement'),
        ),
        migrations.AddIndex(
            model_name='attestation',
            index=models.Index(django.db.models.fields.json.KeyTextTransform('of', 'value'), condition=models.Q(('kind', 'review')), name='review_by_person'),
        ),
        migrations.AddConstraint(
            model_name='attestation',
            constraint=models.UniqueConstraint(fields=('uid',), name='attestation_uid_once'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='attestation',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='d4088f0c7805b853089fe30b0a25b3a85f91b488', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_c5ca0', table='exchange_attestation', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='attestation',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'dure.append_only' USING ERRCODE = 'P0001';", hash='c747826f4268bc0feba1d607b63373d044eba2f9', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_693ec', table='exchange_attestation', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='match',
            index=models.Index(condition=models.Q(('state', 'held')), fields=['held_until'], name='match_held_until'),
        ),
        migrations.AddConstraint(
            model_name='match',
            constraint=models.UniqueConstraint(fields=('run', 'request', 'offer'), name='match_once_a_run', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='match',
            constraint=models.CheckConstraint(condition=models.Q(('score__gte', 0), ('score__lte', 1000000)), name='match_score_is_ppm'),
        ),
        migrations.AddConstraint(
            model_name='match',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('held_until__isnull', False), ('state', 'held')), models.Q(('state', 'held'), _negated=True), _connector='OR'), name='match_is_held_until_a_time'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='match',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='f78cff0d5808e912e6399b3904fa2fde61b6f4b9', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_97430', table='exchange_match', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='meetingpoint',
            constraint=models.CheckConstraint(condition=models.Q(('latitude_e5__range', (3300000, 3900000)), ('longitude_e5__range', (12400000, 13200000))), name='point_lies_in_korea'),
        ),
        migrations.AddConstraint(
            model_name='meetingpoint',
            constraint=models.UniqueConstraint(condition=models.Q(('retired_at__isnull', True)), fields=('district', 'ko'), name='point_name_once_a_district'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='meetingpoint',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='9e9e25a1b948a79c5799508da0a5bc74f369890e', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_0c724', table='exchange_meetingpoint', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='party',
            index=models.Index(fields=['person'], name='party_by_person'),
        ),
        migrations.AddConstraint(
            model_name='party',
            constraint=models.UniqueConstraint(fields=('agreement', 'role', 'person', 'organisation'), name='party_holds_a_role_once', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='party',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('organisation__isnull', True), ('person__isnull', False)), models.Q(('organisation__isnull', False), ('person__isnull', True)), _connector='OR'), name='party_is_a_person_or_an_organisation'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='party',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='fa9181bdcdb7a4044a6de61ee2e1fe370fc5cde6', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_3e2e1', table='exchange_party', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='claim',
            constraint=models.CheckConstraint(condition=models.Q(('asked__gte', models.F('firm')), ('firm__gte', 0)), name='claim_firm_within_asked'),
        ),
        migrations.AddConstraint(
            model_name='claim',
            constraint=models.CheckConstraint(condition=models.Q(('tolerance__gte', 0), ('weight__gte', 1)), name='claim_tolerance_and_weight'),
        ),
        migrations.AddConstraint(
            model_name='claim',
            constraint=models.CheckConstraint(condition=models.Q(('awarded__isnull', True), models.Q(('awarded__gte', 0), ('awarded__lte', django.db.models.expressions.CombinedExpression(models.F('asked'), '+', models.F('tolerance')))), _connector='OR'), name='claim_is_never_awarded_more'),
        ),
        migrations.AddConstraint(
            model_name='claim',
            constraint=models.CheckConstraint(condition=models.Q(('weighed__isnull', True), models.Q(('awarded__isnull', False), ('weighed__gte', 0)), _connector='OR'), name='claim_is_weighed_after_its_award'),
        ),
        migrations.AddConstraint(
            model_name='claim',
            constraint=models.UniqueConstraint(condition=models.Q(('agreement__isnull', False), ('withdrawn_at__isnull', True)), fields=('pool', 'agreement'), name='claim_once_a_case'),
        ),
        migrations.AddConstraint(
            model_name='claim',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('organisation__isnull', True), ('person__isnull', False)), models.Q(('organisation__isnull', False), ('person__isnull', True)), _connector='OR'), name='claim_is_of_a_person_or_an_organisation'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='claim',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='ae231d81ae54c248504a7d8004b0581a34bfc0da', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_bde5e', table='exchange_claim', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='spec',
            constraint=models.UniqueConstraint(fields=('organisation', 'scheme', 'code'), name='spec_code_once_a_scheme', nulls_distinct=False),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='spec',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='e250fd8a2d010d64a54b7b1e91b8871b94a3cfaf', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_ed17d', table='exchange_spec', when='BEFORE')),
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
        migrations.AddConstraint(
            model_name='pool',
            constraint=models.CheckConstraint(condition=models.Q(('estate__isnull', True), ('estate__gte', 0), _connector='OR'), name='pool_estate_is_not_less'),
        ),
        migrations.AddConstraint(
            model_name='pool',
            constraint=models.CheckConstraint(condition=models.Q(('lot__gte', 1)), name='pool_lot_is_positive'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='pool',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='e3ced5dc0112119321af0b7177d681d2d6036dd1', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_f8dfe', table='exchange_pool', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='listing',
            index=models.Index(condition=models.Q(('state', 'open')), fields=['district', 'side', '-created_at', 'id'], name='listing_open_by_place'),
        ),
        migrations.AddIndex(
            model_name='listing',
            index=models.Index(fields=['person'], name='listing_by_person'),
        ),
        migrations.AddConstraint(
            model_name='listing',
            constraint=models.CheckConstraint(condition=models.Q(('qty_max__gte', models.F('qty_min')), ('qty_min__gte', 1)), name='listing_quantity_in_order'),
        ),
        migrations.AddConstraint(
            model_name='listing',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('rate__isnull', True), ('reciprocity__in', ('gift', 'swap'))), models.Q(('rate__gte', 0), ('reciprocity__in', ('hours', 'won', 'voucher'))), _connector='OR'), name='listing_rate_only_where_something_is_given_back'),
        ),
        migrations.AddConstraint(
            model_name='listing',
            constraint=models.CheckConstraint(condition=models.Q(('person__isnull', False), ('organisation__isnull', False), _connector='OR'), name='listing_is_somebodys'),
        ),
        migrations.AddConstraint(
            model_name='listing',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', False), ('state', 'closed')), models.Q(models.Q(('state', 'closed'), _negated=True), ('closed_at__isnull', True)), _connector='OR'), name='listing_is_closed_with_its_time'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='listing',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='94c7b87ecd5da656607da4873a30d68c6316e60c', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_ca8e1', table='exchange_listing', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='commitment',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('state__in', ('held', 'out'))), expressions=(('asset', '='), ('lane', '='), ('slot', '&&')), name='commitment_lane_is_taken_once'),
        ),
        migrations.AddConstraint(
            model_name='commitment',
            constraint=models.CheckConstraint(condition=models.Q(('lane__isnull', True), models.Q(('asset__isnull', False), ('lane__gte', 0), ('slot__isnull', False)), _connector='OR'), name='commitment_lane_is_of_an_asset'),
        ),
        migrations.AddConstraint(
            model_name='commitment',
            constraint=models.CheckConstraint(condition=models.Q(('asset__isnull', True), ('slot__isnull', True), ('lane__isnull', False), _connector='OR'), name='commitment_slot_of_an_asset_has_a_lane'),
        ),
        migrations.AddConstraint(
            model_name='commitment',
            constraint=models.CheckConstraint(condition=models.Q(('qty__gte', 0)), name='commitment_quantity'),
        ),
        migrations.AddConstraint(
            model_name='commitment',
            constraint=models.CheckConstraint(condition=models.Q(('slot__isnull', True), ('slot__isempty', False), _connector='OR'), name='commitment_slot_is_not_empty'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='commitment',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='31d9d9880730f3816ee4d848a0713418b0db7f8a', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_0364b', table='exchange_commitment', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='asset',
            index=models.Index(condition=models.Q(('owner__isnull', False)), fields=['owner'], name='asset_by_owner'),
        ),
        migrations.AddIndex(
            model_name='asset',
            index=models.Index(fields=['district', 'kind', '-created_at'], name='asset_by_place'),
        ),
        migrations.AddConstraint(
            model_name='asset',
            constraint=models.CheckConstraint(condition=models.Q(('lanes__gte', 1), ('lanes__lte', 10000)), name='asset_has_a_lane'),
        ),
        migrations.AddConstraint(
            model_name='asset',
            constraint=models.CheckConstraint(condition=models.Q(('buffer_min__gte', 0), ('buffer_min__lte', 10080)), name='asset_buffer_is_short'),
        ),
        migrations.AddConstraint(
            model_name='asset',
            constraint=models.CheckConstraint(condition=models.Q(('reserved__gte', 0), ('stock__gte', models.F('reserved'))), name='asset_reserves_what_it_has'),
        ),
        migrations.AddConstraint(
            model_name='asset',
            constraint=models.CheckConstraint(condition=models.Q(('organisation__isnull', False), ('owner__isnull', False), _connector='OR'), name='asset_has_a_steward_or_an_owner'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='asset',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='210a5060ef40a434893a73caa5379aa0ff3fa93c', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_cfc1a', table='exchange_asset', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='agreement',
            index=models.Index(condition=models.Q(('closed_at__isnull', True)), fields=['process', 'state', 'entered_at'], name='agreement_open_by_state'),
        ),
        migrations.AddConstraint(
            model_name='agreement',
            constraint=models.UniqueConstraint(fields=('process', 'external_ref'), name='agreement_came_in_once'),
        ),
        migrations.AddConstraint(
            model_name='agreement',
            constraint=models.CheckConstraint(condition=models.Q(('organisation__isnull', False), ('external_ref__isnull', False), ('listing__isnull', False), ('asset__isnull', False), _connector='OR'), name='agreement_has_a_host_or_a_source'),
        ),
        migrations.AddConstraint(
            model_name='agreement',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('external_digest__isnull', True), ('external_ref__isnull', True)), models.Q(('external_digest__isnull', False), ('external_ref__isnull', False)), _connector='OR'), name='agreement_from_outside_keeps_its_content_hash'),
        ),
        migrations.AddConstraint(
            model_name='agreement',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ends__isnull', True), ('starts__isnull', True)), ('ends__gt', models.F('starts')), _connector='OR'), name='agreement_ends_after_it_starts'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='agreement',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='c4011b692b9170c594926000b387227dbc31519a', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_b3f11', table='exchange_agreement', when='BEFORE')),
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
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='a6cd7de3e27f7f77cc7d080f3319081ed2958082', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_8db4c', table='exchange_timer', when='BEFORE')),
        ),
    ]
