# Why there are points, what campaigns run, and what is about to expire.

why-label = Why so many points?
why-customer = Whose points? Send the customer's phone number:
    .unknown = I don't know anybody with that number. Whose points?
    .again = That doesn't look like a phone number. Whose points? Send it like 0803 123 4567:
    .again2 = I need the customer's phone number, all digits, or NEVER MIND:
why-told = { $points ->
    [one] 1 point
   *[other] { $points } points
} on { $date }{ $amount ->
    [none] {""}
   *[other] {" "}for { $amount }
}:
    { $lines }
why-another = I find no earning of { $asked } points. The latest was { $points ->
    [one] 1 point
   *[other] { $points } points
} on { $date }{ $amount ->
    [none] {""}
   *[other] {" "}for { $amount }
}:
    { $lines }
why-nothing = No points have been earned yet, so there's nothing to explain.
why-rule = { $rule }: { $points ->
    [one] 1 point
   *[other] { $points } points
} { $type ->
    [per_amount_spent] – { $each } for every { $per }{ $rounded ->
        [yes] , rounded down
       *[no] {""}
    }
    [per_purchase] for the purchase
    [first_purchase_bonus] for the first purchase
    [milestone] for purchase number { $purchase }, as every { $every } purchases
    [referral] as a friend was brought along
    [birthday] for a birthday
   *[other] {""}
}{ $category ->
    [none] {""}
   *[other] {" "}({ $category })
}
why-campaign = { $campaign }: { $points ->
    [one] 1 more point
   *[other] { $points } more points
} { $type ->
    [double_points] – what was bought counts { $multiplier } times
    [reactivation] for coming back
    [referral] as a friend was brought along
   *[other] {""}
}
why-achievement = { $achievement }: that's what they're for
why-source = { $source ->
    [purchase] for a purchase
    [referral] for a friend you brought
    [birthday] for a birthday
    [achievement] for an achievement
   *[other] given by the shop
}
why-pending = They can be spent from { $until }, when the time for returns is over.
why-taken-back = { $points ->
    [one] 1 of them was
   *[other] { $points } of them were
} taken back since.

campaigns-label = Campaigns
campaigns-not-staff = Only staff can see the campaigns.
campaigns-which = The campaigns. Choose one to change it.
    .again = Please pick a campaign, by its number:
    .again2 = Send the number of the campaign you'd like to change, or NEVER MIND:
campaigns-line = { $campaign } ({ $status ->
    [draft] a draft, from { $starts } to { $ends }
    [scheduled] from { $starts } to { $ends }
    [active] running until { $ends }
    [paused] paused, until { $ends }
    [completed] over since { $ends }
   *[cancelled] called off
}): { $customers ->
    [one] 1 customer
   *[other] { $customers } customers
}, { $times ->
    [one] once
   *[other] { $times } times
}
campaigns-step = { $campaign }: what shall I do?
    .again = Please pick what I shall do with { $campaign }, by its number:
    .again2 = Just the number of what I shall do with { $campaign }, or NEVER MIND:
campaigns-launch = Launch it
campaigns-pause = Pause it
campaigns-resume = Let it go on
campaigns-call-off = Call it off for good
campaigns-pin = { $what ->
    [launch] Launch
    [pause] Pause
    [resume] Go on with
   *[call_off] Call off
} { $campaign }. Your PIN, please.
    .wrong = That PIN isn't right. { $left ->
            [one] One more try before a pause.
           *[other] { $left } more tries before a pause.
        } Your PIN, please.
    .again = Your PIN has six digits. Please send it, or NEVER MIND.
    .again2 = Just the six digits of your PIN, please, or NEVER MIND.
campaigns-none = There is no campaign. You can plan one in the business file, under [[loyalty.campaigns]].
campaigns-not-yours = Only the owner can change a campaign.
campaigns-over = That campaign is over.
campaigns-scheduled = Done: { $campaign } will begin on its day.
campaigns-active = Done: { $campaign } is running.
campaigns-paused = Done: { $campaign } is paused. Nobody gets anything from it until you let it go on.
campaigns-cancelled = Done: { $campaign } is called off.
campaigns-too-late = That can't be done any more: { $campaign } has moved on. Send CAMPAIGNS to see it.
campaigns-locked = Too many wrong PINs. Please wait until { $until } and try again.
campaigns-disabled = You have no PIN yet. Ask the owner to set one.
campaigns-left = All right, nothing was changed.

best-customers-label = Best customers
best-customers-not-staff = Only staff can see who has how many points.
best-customers-shown = Most points:
    { $lines }
best-customers-line = { $place }. { $customer }: { $points }
best-customers-nobody = Nobody has points yet.

expiry-notice = { $business }: { $points ->
    [one] 1 of your points expires
   *[other] { $points } of your points expire
} on { $first }. Use { $points ->
    [one] it
   *[other] them
} before: send REDEEM to see what you can get. Reply STOP and we won't write to you again.
expiry-notice-several = { $business }: { $points } of your points expire by { $last }, the first of them on { $first }. Use them before: send REDEEM to see what you can get. Reply STOP and we won't write to you again.
