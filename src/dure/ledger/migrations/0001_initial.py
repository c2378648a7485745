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

    dependencies = [
        ('registry', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Lot',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('amount', models.BigIntegerField(verbose_name='발행한 수량')),
                ('valid_from', models.DateField(verbose_name='쓸 수 있는 첫날')),
                ('valid_to', models.DateField(verbose_name='쓸 수 있는 마지막 날')),
                ('issued_by_group', models.UUIDField(verbose_name='발행 묶음 이체')),
                ('issued_at', models.DateTimeField(verbose_name='발행한 시각')),
                ('recalled_at', models.DateTimeField(null=True, verbose_name='거둔 시각')),
                ('note', models.CharField(blank=True, default='', max_length=200, verbose_name='메모')),
                ('audit', models.UUIDField(verbose_name='감사 기록')),
            ],
            options={
                'verbose_name': '발행 묶음',
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='Book',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('district', models.CharField(max_length=5, verbose_name='자치구')),
                ('name', models.CharField(max_length=100, verbose_name='이름')),
                ('closed_through', models.DateField(null=True, verbose_name='마감한 날')),
                ('opened_at', models.DateTimeField(verbose_name='연 시각')),
                ('audit', models.UUIDField(verbose_name='감사 기록')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.organisation', verbose_name='조직')),
            ],
            options={
                'verbose_name': '장부',
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='Account',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('balance', models.BigIntegerField(default=0, verbose_name='잔액')),
                ('held_out', models.BigIntegerField(default=0, verbose_name='나갈 보류')),
                ('held_in', models.BigIntegerField(default=0, verbose_name='들어올 보류')),
                ('lo', models.BigIntegerField(null=True, verbose_name='하한')),
                ('hi', models.BigIntegerField(null=True, verbose_name='상한')),
                ('status', models.CharField(choices=[('open', '열림'), ('frozen', '멈춤'), ('closed', '닫힘')], default='open', max_length=6, verbose_name='상태')),
                ('type', models.CharField(choices=[('liability', '회원·예수금'), ('equity', '자본'), ('income', '수익'), ('asset', '자산'), ('expense', '비용'), ('issuer', '발행'), ('meter', '계량'), ('sink', '쌓임'), ('clearing', '장부 사이')], max_length=9, verbose_name='갈래')),
                ('handle', models.CharField(max_length=30, null=True, verbose_name='받는 이름')),
                ('label', models.CharField(max_length=100, verbose_name='이름')),
                ('opened_at', models.DateTimeField(verbose_name='연 시각')),
                ('audit', models.UUIDField(verbose_name='감사 기록')),
                ('owner_organisation', models.ForeignKey(db_column='owner_organisation', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.organisation', verbose_name='주인(조직)')),
                ('owner_person', models.ForeignKey(db_column='owner_person', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.person', verbose_name='주인(사람)')),
                ('parent', models.ForeignKey(db_column='parent', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='ledger.account', verbose_name='윗 계정')),
                ('book', models.ForeignKey(db_column='book', on_delete=django.db.models.deletion.PROTECT, related_name='accounts', to='ledger.book', verbose_name='장부')),
                ('other_book', models.ForeignKey(db_column='other_book', db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.book', verbose_name='상대 장부')),
                ('lot', models.ForeignKey(db_column='lot', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='accounts', to='ledger.lot', verbose_name='발행 묶음')),
            ],
            options={
                'verbose_name': '계정',
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='ClearingRound',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('state', models.CharField(choices=[('proposed', '제안'), ('settled', '정산함'), ('lapsed', '그만둠')], default='proposed', max_length=8, verbose_name='상태')),
                ('plan', models.JSONField(verbose_name='미리보기')),
                ('proposed_at', models.DateTimeField(verbose_name='제안한 시각')),
                ('closes_at', models.DateTimeField(verbose_name='답을 받는 끝')),
                ('settled_at', models.DateTimeField(null=True, verbose_name='정산한 시각')),
                ('audit', models.UUIDField(verbose_name='감사 기록')),
                ('book', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rounds', to='ledger.book')),
            ],
            options={
                'verbose_name': '정산 모임',
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='ClearingConsent',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('agreed', models.BooleanField(verbose_name='동의')),
                ('given_by', models.UUIDField(verbose_name='누가')),
                ('given_at', models.DateTimeField(verbose_name='때')),
                ('audit', models.UUIDField(verbose_name='감사 기록')),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.account')),
                ('round', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='consents', to='ledger.clearinground')),
            ],
            options={
                'verbose_name': '정산 동의',
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='Closing',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('through', models.DateField(verbose_name='마지막 날')),
                ('balance', models.BigIntegerField(verbose_name='잔액')),
                ('account', models.ForeignKey(db_column='account', db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.account', verbose_name='계정')),
            ],
            options={
                'verbose_name': '마감 잔액',
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='LimitChange',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('old_lo', models.BigIntegerField(null=True, verbose_name='옛 하한')),
                ('old_hi', models.BigIntegerField(null=True, verbose_name='옛 상한')),
                ('new_lo', models.BigIntegerField(null=True, verbose_name='새 하한')),
                ('new_hi', models.BigIntegerField(null=True, verbose_name='새 상한')),
                ('reason', models.CharField(max_length=500, verbose_name='이유')),
                ('rule_version', models.UUIDField(null=True, verbose_name='규칙 판')),
                ('actor', models.UUIDField(null=True, verbose_name='누가')),
                ('approver', models.UUIDField(null=True, verbose_name='승인한 사람')),
                ('changed_at', models.DateTimeField(verbose_name='때')),
                ('audit', models.UUIDField(verbose_name='감사 기록')),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='limit_changes', to='ledger.account')),
            ],
            options={
                'verbose_name': '한도 변경',
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='LotList',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('state', models.CharField(choices=[('draft', '미리보기'), ('issuing', '발행하는 중'), ('issued', '발행함')], default='draft', max_length=7, verbose_name='상태')),
                ('valid_from', models.DateField(verbose_name='쓸 수 있는 첫날')),
                ('valid_to', models.DateField(verbose_name='쓸 수 있는 마지막 날')),
                ('note', models.CharField(blank=True, default='', max_length=200, verbose_name='메모')),
                ('sha256', models.CharField(max_length=64, verbose_name='파일 해시')),
                ('made_by', models.UUIDField(null=True, verbose_name='올린 사람')),
                ('made_at', models.DateTimeField(verbose_name='올린 시각')),
                ('audit', models.UUIDField(verbose_name='감사 기록')),
                ('lot', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='list', to='ledger.lot')),
            ],
            options={
                'verbose_name': '지급 명단',
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='LotGrant',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('row', models.IntegerField(verbose_name='줄')),
                ('amount', models.BigIntegerField(null=True, verbose_name='수량')),
                ('fault', models.CharField(blank=True, default='', max_length=30, verbose_name='고칠 것')),
                ('transfer', models.BigIntegerField(null=True, verbose_name='발행 이체')),
                ('audit', models.UUIDField(verbose_name='감사 기록')),
                ('holder', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.account', verbose_name='받는 계정')),
                ('list', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='grants', to='ledger.lotlist')),
            ],
            options={
                'verbose_name': '지급 줄',
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='PaymentRequest',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('token', models.CharField(max_length=22, unique=True, verbose_name='표')),
                ('digits', models.CharField(max_length=8, null=True, verbose_name='여덟 자리')),
                ('kind', models.CharField(choices=[('request', '청구'), ('sale', '한 번 파는 코드'), ('static', '늘 쓰는 코드'), ('shown', '내는 사람이 보이는 코드')], max_length=7, verbose_name='갈래')),
                ('amount', models.BigIntegerField(null=True, verbose_name='수량')),
                ('amount_max', models.BigIntegerField(null=True, verbose_name='최대 수량')),
                ('purpose', models.CharField(max_length=120, verbose_name='용도')),
                ('single_use', models.BooleanField(verbose_name='한 번만')),
                ('made_by', models.UUIDField(verbose_name='만든 사람')),
                ('made_at', models.DateTimeField(verbose_name='만든 시각')),
                ('expires_at', models.DateTimeField(null=True, verbose_name='만료')),
                ('accepted_at', models.DateTimeField(null=True, verbose_name='받아들인 시각')),
                ('cancelled_at', models.DateTimeField(null=True, verbose_name='거둔 시각')),
                ('paid_at', models.DateTimeField(null=True, verbose_name='낸 시각')),
                ('audit', models.UUIDField(verbose_name='감사 기록')),
                ('payee', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='requests', to='ledger.account', verbose_name='받는 계정')),
                ('payer', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='requests_to_pay', to='ledger.account', verbose_name='내는 계정')),
            ],
            options={
                'verbose_name': '청구',
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='Period',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('days', django.contrib.postgres.fields.ranges.DateRangeField(verbose_name='기간')),
                ('closed_at', models.DateTimeField(verbose_name='마감 시각')),
                ('rows_json', models.JSONField(db_column='rows', verbose_name='시산표')),
                ('sha256', models.CharField(max_length=64, verbose_name='시산표 해시')),
                ('last_transfer', models.BigIntegerField(verbose_name='마지막 이체')),
                ('closer', models.UUIDField(verbose_name='마감한 사람')),
                ('reviewer', models.UUIDField(verbose_name='살펴본 사람')),
                ('audit', models.UUIDField(verbose_name='감사 기록')),
                ('book', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='periods', to='ledger.book', verbose_name='장부')),
            ],
            options={
                'verbose_name': '마감',
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='Programme',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('timebank', '시간은행'), ('voucher', '바우처'), ('regional', '지역사랑상품권'), ('mutual', '상호신용')], max_length=8, verbose_name='갈래')),
                ('state', models.CharField(choices=[('draft', '준비'), ('open', '열림'), ('closing', '마치는 중'), ('closed', '마침')], default='draft', max_length=7, verbose_name='상태')),
                ('code', models.CharField(max_length=40, unique=True, verbose_name='주소 이름')),
                ('name', models.CharField(max_length=100, verbose_name='이름')),
                ('name_en', models.CharField(blank=True, default='', max_length=100, verbose_name='영문 이름')),
                ('fee_rule', models.UUIDField(null=True, verbose_name='수수료 규칙')),
                ('demurrage_rule', models.UUIDField(null=True, verbose_name='보유료 규칙')),
                ('exempt_rule', models.UUIDField(null=True, verbose_name='보유료 면제 규칙')),
                ('validity_rule', models.UUIDField(null=True, verbose_name='유효 기간 규칙')),
                ('discount_rule', models.UUIDField(null=True, verbose_name='환전 할인 규칙')),
                ('grant_rule', models.UUIDField(null=True, verbose_name='첫 지급 규칙')),
                ('rules', models.JSONField(default=dict, verbose_name='그 밖의 규칙 판')),
                ('opens_on', models.DateField(verbose_name='시작하는 날')),
                ('closes_on', models.DateField(null=True, verbose_name='마치는 날')),
                ('opened_at', models.DateTimeField(null=True, verbose_name='연 시각')),
                ('closed_at', models.DateTimeField(null=True, verbose_name='마친 시각')),
                ('audit', models.UUIDField(verbose_name='감사 기록')),
                ('book', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='programmes', to='ledger.book', verbose_name='장부')),
                ('community', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.account', verbose_name='공동 기금 계정')),
                ('fees', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.account', verbose_name='수수료 계정')),
                ('fund', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.account', verbose_name='기금 계정')),
                ('issuer', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.account', verbose_name='발행 계정')),
            ],
            options={
                'verbose_name': '프로그램',
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.AddField(
            model_name='lotlist',
            name='programme',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lists', to='ledger.programme'),
        ),
        migrations.AddField(
            model_name='lot',
            name='programme',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lots', to='ledger.programme'),
        ),
        migrations.CreateModel(
            name='ProgrammeShop',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('joined_at', models.DateTimeField(verbose_name='들어온 시각')),
                ('left_at', models.DateTimeField(null=True, verbose_name='나간 시각')),
                ('audit', models.UUIDField(verbose_name='감사 기록')),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='redeems_in', to='ledger.account', verbose_name='가게 계정')),
                ('programme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='shops', to='ledger.programme')),
                ('won_account', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.account', verbose_name='원화 계정')),
            ],
            options={
                'verbose_name': '가맹점',
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='Schedule',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('amount', models.BigIntegerField(verbose_name='수량')),
                ('purpose', models.CharField(max_length=120, verbose_name='용도')),
                ('rule', models.CharField(choices=[('weekly', '주마다'), ('monthly', '달마다'), ('once', '한 번')], max_length=7, verbose_name='반복')),
                ('every', models.SmallIntegerField(default=1, verbose_name='몇 번마다')),
                ('weekday', models.SmallIntegerField(null=True, verbose_name='요일(월=0)')),
                ('day', models.SmallIntegerField(null=True, verbose_name='날')),
                ('starts_on', models.DateField(verbose_name='시작하는 날')),
                ('next_on', models.DateField(null=True, verbose_name='다음 날')),
                ('ends_on', models.DateField(null=True, verbose_name='끝나는 날')),
                ('on_short', models.CharField(choices=[('skip', '건너뜀'), ('retry', '다시 해 봄'), ('stop', '멈춤')], max_length=5, verbose_name='모자랄 때')),
                ('max_tries', models.SmallIntegerField(default=3, verbose_name='몇 번까지')),
                ('tries', models.SmallIntegerField(default=0, verbose_name='해 본 횟수')),
                ('state', models.CharField(choices=[('active', '움직임'), ('waiting', '사람을 기다림'), ('stopped', '멈춤'), ('ended', '끝남')], default='active', max_length=7, verbose_name='상태')),
                ('last_on', models.DateField(null=True, verbose_name='마지막으로 보낸 날')),
                ('last_refusal', models.CharField(blank=True, default='', max_length=80, verbose_name='마지막 거절')),
                ('set_by', models.UUIDField(verbose_name='정한 사람')),
                ('set_at', models.DateTimeField(verbose_name='정한 시각')),
                ('audit', models.UUIDField(verbose_name='감사 기록')),
                ('credit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='schedules_in', to='ledger.account')),
                ('debit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='schedules_out', to='ledger.account')),
            ],
            options={
                'verbose_name': '정기 이체',
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='SetOff',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('amount', models.BigIntegerField(verbose_name='수량')),
                ('settled_at', models.DateTimeField(verbose_name='때')),
                ('audit', models.UUIDField(verbose_name='감사 기록')),
                ('consent', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.clearingconsent')),
                ('request', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='set_offs', to='ledger.paymentrequest')),
                ('round', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='set_offs', to='ledger.clearinground')),
            ],
            options={
                'verbose_name': '상계',
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='StatementLine',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('source', models.CharField(max_length=60, verbose_name='출처')),
                ('external_ref', models.CharField(max_length=120, verbose_name='바깥 번호')),
                ('on_date', models.DateField(verbose_name='날짜')),
                ('amount', models.BigIntegerField(verbose_name='수량(부호)')),
                ('balance_after', models.BigIntegerField(null=True, verbose_name='그 뒤 잔액')),
                ('text_id', models.UUIDField(null=True, verbose_name='적요(금고)')),
                ('importer', models.UUIDField(verbose_name='올린 사람')),
                ('import_digest', models.CharField(max_length=64, verbose_name='파일 해시')),
                ('imported_at', models.DateTimeField(verbose_name='올린 시각')),
                ('audit', models.UUIDField(verbose_name='감사 기록')),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='statement_lines', to='ledger.account')),
            ],
            options={
                'verbose_name': '명세 줄',
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='Transfer',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('batch', models.BigIntegerField(db_default=models.Func(output_field=models.BigIntegerField(), template='(((pg_current_xact_id())::text)::bigint + dure_batch_base())'), verbose_name='묶음')),
                ('book', models.BigIntegerField(verbose_name='장부')),
                ('amount', models.BigIntegerField(verbose_name='수량')),
                ('recorded_at', models.DateTimeField(db_default=models.Func(function='dure_now', output_field=models.DateTimeField()), verbose_name='적은 시각')),
                ('lot', models.BigIntegerField(null=True, verbose_name='발행 묶음')),
                ('expires_at', models.DateTimeField(null=True, verbose_name='만료')),
                ('event_date', models.DateField(verbose_name='날짜')),
                ('kind', models.SmallIntegerField(choices=[(0, '이체'), (1, '보류'), (2, '확정'), (3, '취소'), (4, '만료'), (5, '반대분개'), (6, '환불')], default=0, verbose_name='종류')),
                ('unit', models.SmallIntegerField(verbose_name='단위')),
                ('era', models.SmallIntegerField(db_default=models.Func(function='dure_era', output_field=models.SmallIntegerField()), verbose_name='세대')),
                ('ikey', models.UUIDField(verbose_name='중복 방지 열쇠')),
                ('audit', models.UUIDField(verbose_name='감사 기록')),
                ('actor', models.UUIDField(null=True, verbose_name='누가')),
                ('grp', models.UUIDField(null=True, verbose_name='묶인 이체')),
                ('rule_version', models.UUIDField(null=True, verbose_name='규칙 판')),
                ('body_hash', models.BinaryField(max_length=32, verbose_name='내용 해시')),
                ('purpose', models.CharField(max_length=120, verbose_name='용도')),
                ('credit', models.ForeignKey(db_column='credit', db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.account', verbose_name='들어온 계정')),
                ('debit', models.ForeignKey(db_column='debit', db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.account', verbose_name='나간 계정')),
                ('ref', models.ForeignKey(db_column='ref', db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='followers', to='ledger.transfer', verbose_name='앞 이체')),
            ],
            options={
                'verbose_name': '이체',
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.AddField(
            model_name='paymentrequest',
            name='paid_by',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='pays', to='ledger.transfer', verbose_name='낸 이체'),
        ),
        migrations.CreateModel(
            name='Match',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('amount', models.BigIntegerField(verbose_name='수량(부호)')),
                ('state', models.CharField(choices=[('proposed', '제안'), ('confirmed', '확인'), ('undone', '되돌림'), ('waived', '따로 처리')], max_length=9, verbose_name='상태')),
                ('importer', models.UUIDField(verbose_name='올린 사람')),
                ('confirmer', models.UUIDField(null=True, verbose_name='확인한 사람')),
                ('confirmed_at', models.DateTimeField(null=True, verbose_name='확인한 시각')),
                ('reason', models.CharField(blank=True, default='', max_length=500, verbose_name='이유')),
                ('audit', models.UUIDField(verbose_name='감사 기록')),
                ('line', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='matches', to='ledger.statementline')),
                ('transfer', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='matches', to='ledger.transfer')),
            ],
            options={
                'verbose_name': '맞춤',
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='Unit',
            fields=[
                ('id', models.SmallIntegerField(primary_key=True, serialize=False, verbose_name='번호')),
                ('code', models.CharField(max_length=6, unique=True, verbose_name='부호')),
                ('scale', models.SmallIntegerField(default=0, verbose_name='소수 자리')),
                ('kind', models.CharField(choices=[('money', '돈'), ('time', '시간'), ('voucher', '바우처'), ('energy', '에너지'), ('carbon', '탄소'), ('privacy', '공개 예산')], max_length=8, verbose_name='종류')),
                ('transferable', models.BooleanField(default=True, verbose_name='옮길 수 있음')),
                ('step', models.BigIntegerField(default=1, verbose_name='최소 단위')),
                ('ko', models.CharField(max_length=40, verbose_name='이름')),
                ('en', models.CharField(max_length=40, verbose_name='영문 이름')),
                ('audit', models.UUIDField(verbose_name='감사 기록')),
            ],
            options={
                'verbose_name': '단위',
                'ordering': ('id',),
                'abstract': False,
                'base_manager_name': 'rows',
                'default_manager_name': 'rows',
                'constraints': [models.CheckConstraint(condition=models.Q(('step__gte', 1)), name='unit_step_is_positive'), models.CheckConstraint(condition=models.Q(('scale__gte', 0), ('scale__lte', 9)), name='unit_scale_is_small'), models.CheckConstraint(condition=models.Q(('code__regex', '^[A-Z0-9]{2,6}$')), name='unit_code_is_plain')],
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
        migrations.AddField(
            model_name='programme',
            name='unit',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.unit', verbose_name='단위'),
        ),
        migrations.AddField(
            model_name='lot',
            name='unit',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.unit'),
        ),
        migrations.AddField(
            model_name='clearinground',
            name='unit',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.unit'),
        ),
        migrations.AddField(
            model_name='account',
            name='unit',
            field=models.ForeignKey(db_column='unit', db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.unit', verbose_name='단위'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='unit',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='6d50300e6a3dbf497772dd0d310a72894dc160b8', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_f9a1b', table='ledger_unit', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='book',
            constraint=models.UniqueConstraint(fields=('organisation', 'name'), name='book_name_once'),
        ),
        migrations.AddConstraint(
            model_name='book',
            constraint=models.CheckConstraint(condition=models.Q(('district__regex', '^[0-9]{5}$')), name='book_district_is_a_code'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='book',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='11a78279f8b62831c342ff33fc2f3dddb4328be0', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_aa81f', table='ledger_book', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='clearingconsent',
            constraint=models.UniqueConstraint(fields=('round', 'account'), name='clearing_consent_once_a_round'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='clearingconsent',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='18692ecccd829841b8e7b6bd87345811acdb74bd', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_6add0', table='ledger_clearingconsent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='clearingconsent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'dure.append_only' USING ERRCODE = 'P0001';", hash='d0f91b7effa8cd9eae6a3640e3657a57406771e8', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_074f9', table='ledger_clearingconsent', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='closing',
            constraint=models.UniqueConstraint(fields=('account', 'through'), name='closing_once_a_day'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='closing',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='f1512270f2f39b826055f9ab34128d72ca917e2e', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_60045', table='ledger_closing', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='closing',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'dure.append_only' USING ERRCODE = 'P0001';", hash='9d656a2a6e6832c5c0c4c87132d50e3b0f1116d6', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_03327', table='ledger_closing', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='limitchange',
            constraint=models.CheckConstraint(condition=models.Q(('approver__isnull', True), ('actor__isnull', True), models.Q(('approver', models.F('actor')), _negated=True), _connector='OR'), name='limit_change_approver_is_another_person'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='limitchange',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='fe26564ef4fb550475494475aa210f0ffc93a160', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_4b265', table='ledger_limitchange', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='limitchange',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'dure.append_only' USING ERRCODE = 'P0001';", hash='07cfc42b01f5d029deb2d67344f8e4904a5aff1a', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_7a5f0', table='ledger_limitchange', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='lotgrant',
            constraint=models.UniqueConstraint(fields=('list', 'row'), name='lot_grant_row_once'),
        ),
        migrations.AddConstraint(
            model_name='lotgrant',
            constraint=models.UniqueConstraint(condition=models.Q(('fault', '')), fields=('list', 'holder'), name='lot_grant_once_a_holder'),
        ),
        migrations.AddConstraint(
            model_name='lotgrant',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('fault', ''), _negated=True), models.Q(('amount__gte', 1), ('amount__lte', 1000000000000), ('holder__isnull', False)), _connector='OR'), name='lot_grant_is_whole_or_faulty'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='lotgrant',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='fcee4f9c4d396c9a5f789285b9630f2a77d40934', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_9eda2', table='ledger_lotgrant', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='period',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('book', '='), ('days', '&&')], name='period_days_once_a_book'),
        ),
        migrations.AddConstraint(
            model_name='period',
            constraint=models.CheckConstraint(condition=models.Q(('closer', models.F('reviewer')), _negated=True), name='period_reviewer_is_another_person'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='period',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='9584e0a9256a01689c327c5c0a400aa87916505e', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_5097c', table='ledger_period', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='period',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'dure.append_only' USING ERRCODE = 'P0001';", hash='b48ef2f1ff22134f1b1f801d00646a2f6a1b3e62', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_4c957', table='ledger_period', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='lotlist',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('lot__isnull', True), ('state', 'draft')), models.Q(models.Q(('state', 'draft'), _negated=True), ('lot__isnull', False)), _connector='OR'), name='lot_list_has_a_lot_once_issued'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='lotlist',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='9c4601952729c347b29d3a555e387b3b8fa7e406', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_a849a', table='ledger_lotlist', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='programmeshop',
            constraint=models.UniqueConstraint(fields=('programme', 'account'), name='programme_shop_account_once'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='programmeshop',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='93425e74431ce9b33974148d9547a40d558adcef', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_9115b', table='ledger_programmeshop', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='schedule',
            index=models.Index(condition=models.Q(('state', 'active')), fields=['next_on'], name='schedule_due'),
        ),
        migrations.AddConstraint(
            model_name='schedule',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gte', 1), ('amount__lte', 1000000000000)), name='schedule_amount_in_range'),
        ),
        migrations.AddConstraint(
            model_name='schedule',
            constraint=models.CheckConstraint(condition=models.Q(('debit', models.F('credit')), _negated=True), name='schedule_between_two_accounts'),
        ),
        migrations.AddConstraint(
            model_name='schedule',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('rule', 'weekly'), ('weekday__gte', 0), ('weekday__lte', 6)), models.Q(('day__gte', 1), ('day__lte', 31), ('rule', 'monthly')), ('rule', 'once'), _connector='OR'), name='schedule_rule_has_its_day'),
        ),
        migrations.AddConstraint(
            model_name='schedule',
            constraint=models.CheckConstraint(condition=models.Q(('ends_on__isnull', True), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='schedule_ends_after_it_begins'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='schedule',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='6379efc26cbdf883e2ec9eb3ad03f84076b1a8ec', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_00512', table='ledger_schedule', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='setoff',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gte', 1)), name='set_off_is_positive'),
        ),
        migrations.AddConstraint(
            model_name='setoff',
            constraint=models.UniqueConstraint(fields=('round', 'request'), name='set_off_once_a_round'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='setoff',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='dae5dff93f00eb3fb4ce081fe713e241c43c9044', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_fc1be', table='ledger_setoff', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='setoff',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'dure.append_only' USING ERRCODE = 'P0001';", hash='668b0a56995e21edfb001e32d1be1dfc0ecba1e5', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_6a94f', table='ledger_setoff', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='statementline',
            index=models.Index(fields=['account', 'on_date'], name='statement_line_by_day'),
        ),
        migrations.AddConstraint(
            model_name='statementline',
            constraint=models.UniqueConstraint(fields=('source', 'external_ref'), name='statement_line_came_in_once'),
        ),
        migrations.AddConstraint(
            model_name='statementline',
            constraint=models.CheckConstraint(condition=models.Q(('amount', 0), _negated=True), name='statement_line_moves_something'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='statementline',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='4086d60ea39cbe1cd591c1a8f467406075ff5e86', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_b87ad', table='ledger_statementline', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='statementline',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'dure.append_only' USING ERRCODE = 'P0001';", hash='90935deac5f19a07eca91c3ed1353a1bc5f85c51', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_ba1cc', table='ledger_statementline', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='transfer',
            index=models.Index(fields=['debit', 'event_date', 'id'], name='transfer_by_debit'),
        ),
        migrations.AddIndex(
            model_name='transfer',
            index=models.Index(fields=['credit', 'event_date', 'id'], name='transfer_by_credit'),
        ),
        migrations.AddIndex(
            model_name='transfer',
            index=models.Index(fields=['batch'], name='transfer_by_batch'),
        ),
        migrations.AddIndex(
            model_name='transfer',
            index=models.Index(condition=models.Q(('ref__isnull', False)), fields=['ref'], name='transfer_by_ref'),
        ),
        migrations.AddIndex(
            model_name='transfer',
            index=models.Index(condition=models.Q(('grp__isnull', False)), fields=['grp'], name='transfer_by_grp'),
        ),
        migrations.AddIndex(
            model_name='transfer',
            index=models.Index(condition=models.Q(('expires_at__isnull', False)), fields=['expires_at'], name='transfer_holds'),
        ),
        migrations.AddConstraint(
            model_name='transfer',
            constraint=models.UniqueConstraint(fields=('ikey',), name='transfer_key_once'),
        ),
        migrations.AddConstraint(
            model_name='transfer',
            constraint=models.UniqueConstraint(condition=models.Q(('kind__in', (2, 3, 4))), fields=('ref',), name='transfer_hold_ends_once'),
        ),
        migrations.AddConstraint(
            model_name='transfer',
            constraint=models.UniqueConstraint(condition=models.Q(('kind', 5)), fields=('ref',), name='transfer_reversed_once'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='transfer',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='fcdaf1e7e757df217fd43b7e61bdc22dcfcc39e1', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_cb81c', table='ledger_transfer', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='transfer',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'dure.append_only' USING ERRCODE = 'P0001';", hash='a4e8e0b977f80ae611b7dd9cbf963f80bbd9ede6', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_8b6f8', table='ledger_transfer', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='paymentrequest',
            index=models.Index(condition=models.Q(('digits__isnull', False)), fields=['digits'], name='request_by_digits'),
        ),
        migrations.AddConstraint(
            model_name='paymentrequest',
            constraint=models.CheckConstraint(condition=models.Q(('amount__isnull', True), models.Q(('amount__gte', 1), ('amount__lte', 1000000000000)), _connector='OR'), name='request_amount_in_range'),
        ),
        migrations.AddConstraint(
            model_name='paymentrequest',
            constraint=models.CheckConstraint(condition=models.Q(('paid_by__isnull', True), ('single_use', True), _connector='OR'), name='request_paid_once_is_single_use'),
        ),
        migrations.AddConstraint(
            model_name='paymentrequest',
            constraint=models.CheckConstraint(condition=models.Q(('paid_by__isnull', True), ('cancelled_at__isnull', True), _connector='OR'), name='request_is_paid_or_cancelled'),
        ),
        migrations.AddConstraint(
            model_name='paymentrequest',
            constraint=models.CheckConstraint(condition=models.Q(('payee__isnull', False), models.Q(('kind', 'shown'), ('payer__isnull', False)), _connector='OR'), name='request_has_a_payee_or_shows_a_payer'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='paymentrequest',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='23d4e35e6d7da309366aedb651ad44c2ed2729b8', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_03e24', table='ledger_paymentrequest', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='match',
            constraint=models.CheckConstraint(condition=models.Q(('confirmer__isnull', True), models.Q(('confirmer', models.F('importer')), _negated=True), _connector='OR'), name='match_confirmer_is_not_the_importer'),
        ),
        migrations.AddConstraint(
            model_name='match',
            constraint=models.CheckConstraint(condition=models.Q(('state', 'proposed'), ('confirmer__isnull', False), _connector='OR'), name='match_is_confirmed_by_a_person'),
        ),
        migrations.AddConstraint(
            model_name='match',
            constraint=models.CheckConstraint(condition=models.Q(('transfer__isnull', False), ('state__in', ('waived', 'undone')), _connector='OR'), name='match_names_a_transfer_or_waives'),
        ),
        migrations.AddConstraint(
            model_name='match',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ('proposed', 'confirmed'))), fields=('line', 'transfer'), name='match_pair_once'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='match',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='14b113427f3053d623de5141141b7dffee128df9', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_b6885', table='ledger_match', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='programme',
            constraint=models.CheckConstraint(condition=models.Q(('closes_on__isnull', True), ('closes_on__gte', models.F('opens_on')), _connector='OR'), name='programme_closes_after_it_opens'),
        ),
        migrations.AddConstraint(
            model_name='programme',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'regional'), _negated=True), ('demurrage_rule__isnull', True), _connector='OR'), name='programme_no_demurrage_on_a_regional_voucher'),
        ),
        migrations.AddConstraint(
            model_name='programme',
            constraint=models.CheckConstraint(condition=models.Q(('state', 'draft'), models.Q(('issuer__isnull', False), ('opened_at__isnull', False)), _connector='OR'), name='programme_opens_with_an_issuer'),
        ),
        migrations.AddConstraint(
            model_name='programme',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'closed'), _negated=True), ('closed_at__isnull', False), _connector='OR'), name='programme_closed_at_an_instant'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='programme',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='34be6f57db52670b0ab5f8d4a178d4ed06d19a7e', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_5ffbb', table='ledger_programme', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='lot',
            constraint=models.CheckConstraint(condition=models.Q(('valid_to__gte', models.F('valid_from'))), name='lot_ends_after_it_begins'),
        ),
        migrations.AddConstraint(
            model_name='lot',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gte', 1)), name='lot_is_not_empty'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='lot',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='e01e9fbd8448fc7966df5ce1d4fd0bb02158ee22', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_03271', table='ledger_lot', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='clearinground',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='3eb5d0fd339368322188f29caed92cf3c933a357', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_3e2c9', table='ledger_clearinground', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='account',
            constraint=models.UniqueConstraint(fields=('id', 'book', 'unit'), name='account_in_one_book_and_unit'),
        ),
        migrations.AddConstraint(
            model_name='account',
            constraint=models.UniqueConstraint(fields=('handle',), name='account_handle_once'),
        ),
        migrations.AddConstraint(
            model_name='account',
            constraint=models.UniqueConstraint(condition=models.Q(('lot__isnull', False)), fields=('parent', 'lot'), name='account_of_a_lot_once_a_holder'),
        ),
        migrations.AddConstraint(
            model_name='account',
            constraint=models.UniqueConstraint(condition=models.Q(('other_book__isnull', False)), fields=('book', 'unit', 'other_book'), name='account_clears_one_book_once'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='account',
            trigger=pgtrigger.compiler.Trigger(name='door', sql=pgtrigger.compiler.UpsertTriggerSql(execute='dure_door()', func='RETURN NULL;', hash='f74dd708aa654bac3c88803a83cfe99874793b20', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_door_db6a8', table='ledger_account', when='BEFORE')),
        ),
    ]
