"""The processes of the sectors in short notation: the checker's vectors that must pass.

Each with its number of states and of transitions as its sector counts them.
"""

from __future__ import annotations

LINES: tuple[tuple[str, int, int, str], ...] = (
    (
        "time_exchange",
        9,
        13,
        """
        start: asked=request/requester | asked:
        scheduled=accept/provider[within_limit]{+slot,+value} ; declined=decline/provider ;
        cancelled=withdraw/requester ; expired@P7D | scheduled:
        cancelled=cancel/requester,provider{-slot,-value} ; done_claimed=claim/provider{-slot} ;
        review@end+P3D{-slot} | done_claimed: settled=confirm/requester{record,settle} ;
        review=dispute/requester ; review@P7D | review: settled=judge/coordinator{record,settle}
        ; voided=void/coordinator{-value}
        """,
    ),
    (
        "equipment_loan",
        12,
        19,
        """
        start: held=hold/borrower[within_limit]{+slot} | held: expired@PT15M{-slot} ;
        booked=book/borrower{+value} | booked: cancelled=cancel/borrower,steward{-slot,-value} ;
        displaced=displace/system{-slot} ; no_show@start+PT2H{-slot,-value} ;
        out=check_out/steward+borrower | displaced: booked=rebook/borrower{+slot} ;
        cancelled@P3D{-value} | out: overdue@due{open} ;
        returned=check_in/steward,owner{-slot,record} | overdue:
        returned=check_in/steward,owner{-slot,record} ; lost=lose/coordinator{-slot} ;
        lost@P30D{-slot} | returned: closed=pass/steward,owner{settle} ;
        damaged=damage/steward,owner{link} ; closed@P3D{settle} | damaged:
        closed=decide/coordinator{settle} | lost: closed=decide/coordinator{record,settle}
        """,
    ),
    (
        "carpool",
        11,
        16,
        """
        start: asked=ask/rider | asked: accepted=accept/driver[within_limit]{+slot,+value} ;
        declined=decline/driver ; cancelled=withdraw/rider ; expired@PT12H | accepted:
        cancelled=cancel/rider,driver{-slot,-value} ; no_show=no_show/driver,rider{-slot,-value}
        ; boarded=board/rider,driver ; review@start+PT2H{-slot} | boarded:
        alighted=alight/rider,driver{-slot} ; review@end+PT2H{-slot} | alighted:
        settled=confirm/rider{record,settle} ; review=dispute/rider,driver ; review@P3D |
        review: settled=judge/coordinator{record,settle} ; voided=void/coordinator{-value}
        """,
    ),
    (
        "repair",
        11,
        16,
        """
        start: submitted=submit/owner | submitted: queued=triage/host{enqueue} ;
        declined=refuse/host ; expired@P30D | queued: withdrawn=withdraw/owner ;
        assigned=claim/fixer{+slot} ; expired@event_end | assigned: queued=unclaim/fixer{-slot}
        ; queued@PT30M{-slot} ; in_repair=start/fixer | in_repair: assessed=result/fixer{-slot}
        ; review@event_end{-slot} | assessed: handed_back=hand_back/owner{record} ; review@P7D |
        review: handed_back=judge/coordinator{record} ; voided=void/coordinator
        """,
    ),
    (
        "care_referral",
        14,
        26,
        """
        start: referred=refer/referrer{record} | referred: consented=consent/resident ;
        declined=decline/resident ; lapsed@P14D | consented: assessed=assess/link_worker ;
        stalled@P10D | consented,assessed,planned,connected,attending:
        withdrawn=withdraw/resident | assessed: planned=plan/link_worker,resident ; stalled@P10D
        | planned: connected=connect/link_worker[capacity]{link} ;
        unable=unable/link_worker{record} ; stalled@P10D | stalled:
        assessed=reassign/coordinator ; unable=close/coordinator{record} | connected:
        attending=attend/provider{record} ; planned@P28D | attending:
        reviewed=review/link_worker ; reviewed@P84D | reviewed:
        messaged_back=message_back/link_worker[consent]{disclose} ; closed=close/link_worker ;
        closed@P14D | messaged_back: closed@P14D
        """,
    ),
    (
        "food_order",
        11,
        20,
        """
        start: cart=open/buyer | cart:
        ordered=place/buyer[window_open,within_limit]{+value,claim} ; dropped@closes | ordered:
        cart=edit/buyer[window_open]{-value,unclaim} ; allocated=award/pool{+stock} ;
        cancelled=zero/pool{-value} ; cancelled@closes+P3D{-value} | allocated: packed=pack/hub
        ; review@pickup{-stock} | packed: delivered=hand_over/hub+buyer{use,record} ;
        uncollected@pickup+PT4H{-stock} | delivered: claimed=claim/buyer ;
        settled=accept/buyer{settle} ; settled@P2D{settle} | claimed:
        settled=resolve/hub{correct,settle} ; review@P5D | uncollected:
        settled=charge/coordinator{settle} ; cancelled=waive/coordinator{-value} | review:
        settled=judge/coordinator{settle} ; cancelled=void/coordinator{-value}
        """,
    ),
    (
        "meal_supply",
        14,
        26,
        """
        start: planned=plan/school | planned: priced=price/hub[rule_active] ; lapsed@P14D |
        priced: ordered=order/school[window_open]{claim} ; lapsed@P14D | ordered:
        sub_asked=ask/hub ; shipped=ship/hub{+stock} ; review@window_end | sub_asked:
        ordered=agree/school[allergen_ok] ; ordered=refuse/school ; ordered@PT6H | shipped:
        inspected=inspect/school{use,record} ; claimed=reject/school{-stock} ;
        review@window_end+PT4H{-stock} | inspected: claimed=claim/school ;
        accepted=accept/school ; accepted@P2D | claimed: accepted=resolve/hub{correct} ;
        review@P3D | accepted: billed@month_end | billed: paid=pay/school{settle} ; overdue@P30D
        | overdue: paid=pay/school{settle} ; review=escalate/coordinator | review:
        accepted=judge/coordinator ; voided=void/coordinator{correct}
        """,
    ),
    (
        "energy_settlement",
        9,
        15,
        """
        start: opened=open/operator | opened: metered=meter/operator ; metered@P15D | metered:
        allocated=run/pool ; review@P7D | allocated: published=publish/operator ; published@P3D
        | published: objected=object/member ; billed@P7D{record} | objected:
        metered=restate/operator ; published=dismiss/coordinator ; review@P14D | billed:
        settled@P14D{settle} | review: metered=reopen/coordinator ; voided=void/coordinator
        """,
    ),
    (
        "clt_home",
        13,
        25,
        """
        start: applied=apply/applicant | applied: eligible=verify/steward ;
        declined=refuse/steward ; lapsed@P60D | eligible: offered=draw/pool{+slot} ;
        withdrawn=withdraw/applicant ; lapsed@P1Y | offered:
        leased=sign/applicant+steward{open,record,settle} ; eligible=decline/applicant{-slot} ;
        eligible@P14D{-slot} | leased: notice=give_notice/leaseholder ;
        notice=surrender/coordinator | notice: priced=price/steward ;
        leased=withdraw/leaseholder ; review@P30D | priced: steward_buys=exercise/steward ;
        open_sale=waive/steward ; open_sale@option_clock ; leased=withdraw/leaseholder |
        steward_buys: recorded=close/steward+leaseholder{-slot,record,settle} ; open_sale@P90D |
        open_sale: recorded=close/steward+leaseholder{-slot,record,settle} ; review@P180D |
        review: priced=reprice/coordinator ; leased=keep/coordinator
        """,
    ),
    (
        "coop_tenancy",
        10,
        16,
        """
        start: applied=apply/applicant | applied: ranked=rank/pool ; lapsed@P1Y | ranked:
        offered=offer/pool{+slot} ; withdrawn=withdraw/applicant ; lapsed@P1Y | offered:
        tenant=sign/applicant+steward{open,+value,record} ; ranked=decline/applicant{-slot} ;
        ranked@P7D{-slot} | tenant: notice=give_notice/tenant ; notice=end/coordinator | notice:
        inspected=inspect/steward+tenant{-slot,record} ; review@P90D{-slot} | inspected:
        ended=refund/steward{settle} ; ended@P14D{settle} | review:
        ended=decide/coordinator{settle}
        """,
    ),
    (
        "retrofit",
        12,
        20,
        """
        start: audited=audit/assessor | audited: baselined=fit/assessor[fit_ok] ;
        refused=refuse/assessor ; lapsed@P180D | baselined:
        agreed=sign/household+installer{+value} ; lapsed@P90D | agreed: works=start/installer ;
        cancelled=cancel/household,installer{-value} ; cancelled@P180D{-value} | works:
        commissioned=commission/installer+assessor{record} ; review@P365D | commissioned:
        monitored@P12M ; review=dispute/household | monitored: verified=verify/assessor{record}
        ; review@P60D | verified: settled=settle/operator{settle} ; review=dispute/household ;
        settled@P30D{settle} | review: settled=judge/coordinator{settle} ;
        cancelled=void/coordinator{-value}
        """,
    ),
    (
        "give_away",
        11,
        15,
        """
        start: asked=ask/receiver[still_offered,asks_within] | asked:
        promised=choose/giver,coordinator[still_there,in_turn]{+slot} ;
        declined=decline/giver,coordinator ; cancelled=withdraw/receiver ;
        missed=displace/system ; expired@P14D | promised:
        given=hand_over/giver+receiver{-slot,record} ; promised=meet/giver ;
        cancelled=cancel/giver,receiver,coordinator{-slot} ; not_fetched@end+P1D{-slot} | given:
        closed=accept/receiver ; review=complain/receiver ; closed@P3D | review:
        closed=uphold/coordinator ; taken_back=take_back/coordinator{correct}
        """,
    ),
)
