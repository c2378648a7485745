"""The registry's refusals."""

from __future__ import annotations

from dure.core.errors import Code, Kind, code


class RegistryCode(Code):
    """What the registry answers when it must say no."""

    NUMBER_TAKEN = code(
        "registry.number_taken",
        Kind.CONFLICT,
        "이 번호로 이미 등록된 조직이 있습니다: %(holder)s. 그 조직을 열어 수정을 제안해 주세요.",
        "An organisation with this number is registered already: %(holder)s. "
        "Open it and propose a change.",
    )
    NUMBER_WRONG = code(
        "registry.number_wrong",
        Kind.INVALID,
        "번호의 자릿수나 검증 숫자가 맞지 않습니다. 서류와 견주어 다시 적어 주세요.",
        "The digits or the check digit of the number are wrong. Compare it with the paper.",
    )
    NUMBER_NEEDED = code(
        "registry.number_needed",
        Kind.INVALID,
        "번호를 고르려면 숫자를 적어 주세요.",
        "Please enter the number itself.",
    )
    DISTRICT_UNKNOWN = code(
        "registry.district_unknown",
        Kind.INVALID,
        "서울의 자치구 코드가 아닙니다. 목록에서 골라 주세요.",
        "This is not the code of a district of Seoul. Choose one from the list.",
    )
    DATE_ORDER = code(
        "registry.date_order",
        Kind.INVALID,
        "끝나는 날이 시작하는 날보다 빠를 수 없습니다. 날짜를 고쳐 주세요.",
        "The end may not be before the beginning. Please correct the dates.",
    )
    DATE_FUTURE = code(
        "registry.date_future",
        Kind.INVALID,
        "앞으로 올 날짜는 적을 수 없습니다. 오늘이나 지난 날짜를 적어 주세요.",
        "A date to come cannot be stated. Give today or an earlier day.",
    )
    OVERLAP = code(
        "registry.overlap",
        Kind.CONFLICT,
        "같은 기간에 이미 적힌 것이 있습니다: %(row)s. 먼저 그 기간을 끝내 주세요.",
        "The period overlaps one that stands already: %(row)s. End that one first.",
    )
    ISSUER_NEEDED = code(
        "registry.issuer_needed",
        Kind.INVALID,
        "서류로 확인한 자격에는 발급 기관과 증서 번호가 필요합니다. 두 칸을 채워 주세요.",
        "A status confirmed by paper needs its issuer and certificate number. Fill in both.",
    )
    CLOSED = code(
        "registry.organisation_closed",
        Kind.CONFLICT,
        "문을 닫은 조직입니다(%(on)s). 고칠 것이 있으면 센터에 알려 주세요.",
        "This organisation closed on %(on)s. Tell the centre if something is wrong.",
    )
    NOTHING_CHANGED = code(
        "registry.nothing_changed",
        Kind.INVALID,
        "지금 값과 같습니다. 바꿀 값을 적어 주세요.",
        "This is the present value. Enter what it should become.",
    )
    STATED_ALREADY = code(
        "registry.stated_already",
        Kind.CONFLICT,
        "%(year)s년 값이 이미 있습니다: %(value)s. 바로잡기로 고쳐 주세요.",
        "A value for %(year)s stands already: %(value)s. Use the correction instead.",
    )
    CORRECTED_ALREADY = code(
        "registry.corrected_already",
        Kind.CONFLICT,
        "이 값은 이미 바로잡혔습니다. 가장 새 값을 바로잡아 주세요.",
        "This value was corrected already. Correct the newest one.",
    )
    OWN_PROPOSAL = code(
        "registry.own_proposal",
        Kind.FORBIDDEN,
        "자기가 낸 제안은 다른 사람이 검토해야 합니다. 동료에게 부탁해 주세요.",
        "Somebody else must review your own proposal. Ask a colleague.",
    )
    ANSWERED = code(
        "registry.answered",
        Kind.CONFLICT,
        "이미 답이 나온 일입니다. 지금 상태: %(state)s.",
        "This was answered already. Now: %(state)s.",
    )
    MERGE_TARGET = code(
        "registry.merge_target",
        Kind.CONFLICT,
        "이미 다른 조직에 합쳐진 조직입니다. 남은 조직을 골라 주세요.",
        "This organisation was merged into another. Choose the one that was kept.",
    )
    FEDERATION_CYCLE = code(
        "registry.federation_cycle",
        Kind.CONFLICT,
        "연합이 자기 자신에게 돌아옵니다: %(path)s. 가입 관계를 확인해 주세요.",
        "The federation would come back to itself: %(path)s. Check who belongs to whom.",
    )
    FEDERATION_DEEP = code(
        "registry.federation_too_deep",
        Kind.CONFLICT,
        "연합의 단계가 너무 많습니다. 더 가까운 연합에 가입해 주세요.",
        "The federation has too many levels. Join a nearer one.",
    )
    MEMBER_ALREADY = code(
        "registry.member_already",
        Kind.CONFLICT,
        "이미 조합원이거나 신청한 조직입니다. 내 정보에서 확인해 주세요.",
        "You are a member or have applied already. See your own page.",
    )
    MANDATE_SELF = code(
        "registry.mandate_self",
        Kind.FORBIDDEN,
        "자기에게 직책을 줄 수 없습니다. 다른 이사나 담당자에게 부탁해 주세요.",
        "Nobody gives a mandate to themselves. Ask another board member or official.",
    )
    MANDATE_PAIR = code(
        "registry.mandate_refused",
        Kind.CONFLICT,
        "함께 맡을 수 없는 직책입니다: %(other)s. 먼저 그 직책을 끝내 주세요.",
        "This mandate and another cannot be held together: %(other)s. End that one first.",
    )
    MANDATE_LONG = code(
        "registry.mandate_too_long",
        Kind.INVALID,
        "기간이 규칙보다 깁니다(최대 %(days)s일). 끝나는 날을 앞당겨 주세요.",
        "The term is longer than the rule allows (at most %(days)s days). Choose an earlier end.",
    )
    MANDATE_SCOPE = code(
        "registry.mandate_scope",
        Kind.INVALID,
        "이 직책에 맞지 않는 범위입니다. 범위를 다시 골라 주세요.",
        "This scope does not fit the role. Choose the scope again.",
    )
    CONSENT_NONE = code(
        "registry.consent_none",
        Kind.CONFLICT,
        "거둘 동의가 없습니다. 내 동의 목록을 확인해 주세요.",
        "There is no consent to change. See the list of your consents.",
    )
    CONSENT_FIELDS = code(
        "registry.consent_fields",
        Kind.INVALID,
        "이 목적에 없는 항목입니다. 목록에서 골라 주세요.",
        "These fields do not belong to the purpose. Choose from the list.",
    )
    WITNESS_NEEDED = code(
        "registry.witness_needed",
        Kind.INVALID,
        "종이나 말로 한 동의에는 다른 사람인 증인이 필요합니다. 증인을 적어 주세요.",
        "Consent on paper or aloud needs a witness who is somebody else. Name the witness.",
    )
    APPROVAL_OWN = code(
        "registry.approval_own",
        Kind.FORBIDDEN,
        "요청한 사람은 승인할 수 없습니다. 다른 사람에게 부탁해 주세요.",
        "Who asks may not approve. Ask somebody else.",
    )
    APPROVAL_TIED = code(
        "registry.approval_tied",
        Kind.FORBIDDEN,
        "이해관계가 있어 승인할 수 없습니다. 다른 사람에게 부탁해 주세요.",
        "You have a tie to this and may not approve it. Ask somebody else.",
    )
    APPROVAL_OVER = code(
        "registry.approval_over",
        Kind.CONFLICT,
        "승인 기한이 지났거나 이미 끝난 요청입니다. 새로 요청해 주세요.",
        "The request has expired or is over. Ask again.",
    )
    NOT_FOR_ANOTHER = code(
        "registry.not_for_another",
        Kind.FORBIDDEN,
        "이 일은 대신할 수 없습니다. 본인이 해야 합니다.",
        "This cannot be done for somebody else. The person must do it.",
    )
    ACTING_OVER = code(
        "registry.acting_over",
        Kind.FORBIDDEN,
        "대신하는 시간이나 위임이 끝났습니다. 본인이 곁에 있으면 다시 시작해 주세요.",
        "The time or the mandate to act for this person is over. Begin again if she is with you.",
    )
    HIDDEN_FIELD = code(
        "registry.vault_field",
        Kind.INVALID,
        "개인사업자의 주소와 연락처는 신원 금고에만 둡니다. 여기서는 자치구만 적어 주세요.",
        "A sole trader's address and contact stay in the vault. Give only the district here.",
    )
    EXPORT_TOO_LONG = code(
        "registry.export_too_long",
        Kind.INVALID,
        "한 번에 %(most)s줄까지 내려받습니다. 범위를 좁혀 주세요.",
        "At most %(most)s rows are downloaded at once. Ask for less.",
    )
    CROSSED = code(
        "registry.crossed",
        Kind.CONFLICT,
        "같은 때에 다른 사람이 먼저 바꿨습니다. 화면을 새로 열어 주세요.",
        "Somebody else changed this at the same time. Please reload.",
    )
