# Where a customer stands: tiers, achievements, friends, birthdays.

standing-label = My tier
standing-shown = { $lines }
standing-why = You're { $tier }: you've earned { $points ->
        [one] 1 point
       *[other] { $points } points
    }{ $months ->
        [0] { "" }
        [12] { " " }in the last 12 months
       *[other] { " " }in the last { $months } months
    }{ $required ->
        [0] .
       *[other] , and { $tier } takes { $required }.
    }
standing-discount = It gives you { $discount }% off.
standing-priority = You can book { $days } days further ahead than others.
standing-next = { $missing ->
        [one] 1 point
       *[other] { $missing } points
    } more and you're { $tier }.
standing-kept = You've earned enough to stay { $tier } after { $until }.
standing-until = You're { $tier } until { $until } at least. To stay it longer, earn { $missing ->
        [one] 1 more point
       *[other] { $missing } more points
    } by then.
standing-overdue = Your { $tier } period has ended, and you keep it for now: { $missing ->
        [one] 1 more point keeps
       *[other] { $missing } more points keep
    } it. We'll tell you two weeks before anything changes.
standing-leaving = To stay { $tier }, earn { $missing ->
        [one] 1 more point
       *[other] { $missing } more points
    } before { $leaves }: from then on you'd be { $below }.
standing-no-tiers = There are no tiers at { $business }: everybody's points count the same. Send POINTS to see yours.
standing-not-a-member-voice = You're not a member of { $business } yet. Send us a message and you are.
standing-not-a-member = You're not a member of { $business } yet. Send JOIN and you are.
standing-warned = { $business }: { $missing ->
        [one] 1 more point
       *[other] { $missing } more points
    } by { $until } to stay { $tier }. Without { $missing ->
        [one] it
       *[other] them
    } you'd be { $below } from the day after.
standing-lowered = { $business }: you're { $tier } now, as your { $before } period has ended. Send MY TIER to see what it takes to get back.
standing-raised = { $business }: good news, you're { $tier } now! Send MY TIER to see what comes with it.
standing-at-counter = { $customer } ({ $tier }, { $discount }% off)

rising-news = { $business }: { $lines }
rising-achieved = { $has_icon ->
        [true] { $icon } { $name }
       *[false] { $name }
    }: you've achieved it!{ $points ->
        [0] { "" }
        [one] { " " }1 point for you.
       *[other] { " " }{ $points } points for you.
    }
rising-tier = You're { $tier } now!{ $discount ->
        [0] { "" }
       *[other] { " " }That gives you { $discount }% off.
    }

achievements-label = My badges
achievements-shown = { $lines }
achievements-none = There are no badges at { $business } just now. Send POINTS to see your points.
achievements-has = { $icon } { $name }, since { $day }
achievements-coming = { $name }: { $steps }{ $points ->
        [0] { "" }
        [one] , for 1 point
       *[other] , for { $points } points
    }
achievements-purchases = { $done } of { $asked } purchases
achievements-spent = { $done } of { $asked } spent
achievements-distinct-days = { $done } of { $asked } days with a visit
achievements-referrals = { $done } of { $asked } friends brought along
achievements-streak-weeks = { $done } of { $asked } weeks in a row

referral-label = Invite a friend
referral-shown = Your code is { $code }. Pass this link on to a friend:
    { $link }
    Or they send { $text } to { $number }. Once they've bought something for the first time, { $points ->
        [0] { "" }
        [one] you get 1 point
       *[other] you get { $points } points
    }{ $friend_points ->
        [0] .
        [one] { $points ->
                [0] { "" }
               *[other] { " " }and{ " " }
            }they get 1.
       *[other] { $points ->
                [0] { "" }
               *[other] { " " }and{ " " }
            }they get { $friend_points }.
    }{ $brought ->
        [0] { "" }
        [one] { " " }You've brought 1 friend so far.
       *[other] { " " }You've brought { $brought } friends so far.
    }
referral-not-offered = There's nothing to be had for bringing friends to { $business } just now. Thank you for thinking of us!
referral-not-a-member-voice = You're not a member of { $business } yet. Send us a message and you are.
referral-not-a-member = You're not a member of { $business } yet. Send JOIN and you are.
referral-staff = You work at { $business }: codes to bring friends are for customers.
referral-paid = { $business }: thank you for bringing { $is_named ->
        [true] { $friend }
       *[false] a friend
    }! { $points ->
        [one] 1 point is
       *[other] { $points } points are
    } yours.{ $news }
referral-welcome = { $business }: nice to have you! { $points ->
        [one] 1 point is
       *[other] { $points } points are
    } yours because { $is_named ->
        [true] { $friend }
       *[false] a friend
    } brought you.{ $news }
referral-doubt = { $referrer } brought { $friend }. Before anybody gets points, please look: { $doubt ->
        [cap] it's more friends this month than are paid for without asking you.
        [same_staff] the same colleague has logged the first purchase of three of these friends.
       *[same_surname] they have the same surname, and the friend joined and bought on one day.
    }

referral-review-label = Friends to check
referral-review-not-staff = Only the owner can look at these.
referral-review-not-owner = Only the owner can decide this.
referral-review-referral = Which one?
    .again = Please pick one, by its number:
    .again2 = Send the number of the one you'd like to decide, or NEVER MIND:
referral-review-line = { $referrer } brought { $friend }: { $doubt ->
        [cap] over the monthly number
        [same_staff] always the same colleague
       *[same_surname] same surname
    }
referral-review-decision = { $line }. Pay for this friend?
    .again = Please choose: pay for this friend, or not?
    .again2 = Send 1 to pay, 2 not to, or NEVER MIND:
referral-review-approve = Approve
referral-review-refuse = Refuse
referral-review-pin = { $line }. Your PIN, please.
    .wrong = That PIN isn't right. { $left ->
            [one] One more try before a pause.
           *[other] { $left } more tries before a pause.
        } Your PIN, please.
    .again = Your PIN has six digits. Please send it, or NEVER MIND.
    .again2 = Just the six digits of your PIN, please, or NEVER MIND.
referral-review-approved = Done: { $referrer } gets { $points }, { $friend } gets { $friend_points } points.
referral-review-refused = All right, nobody is paid for { $friend }.
referral-review-gone = That has been decided already.
referral-review-nothing = No friends are waiting for you to look at.
referral-review-locked = Too many wrong PINs. Please wait until { $until } and try again.
referral-review-disabled = You have no PIN yet. Ask the owner to set one.
referral-review-left = All right, it waits.

birthday-label = My birthday
birthday-day = When's your birthday? Day and month will do, like 3 March.
    .again = I need a day, like 3 March. When's your birthday?
    .again2 = Please send the day and the month, like 3 March, or NEVER MIND:
birthday-kept = Noted: { $birthday }.
birthday-worth = Noted: { $birthday }. Look forward to { $points ->
        [one] 1 point
       *[other] { $points } points
    } from { $business }!
birthday-fixed = You've had points for your birthday on another day, so I can't move it. Please ask for a PERSON at { $business }.
birthday-left = All right, I won't ask again.
birthday-wish = { $business } wishes you a happy birthday{ $is_named ->
        [true] , { $name }!
       *[false] !
    } { $points ->
        [one] 1 point is
       *[other] { $points } points are
    } our present to you.{ $news }
birthday-ask = When's your birthday? Send MY BIRTHDAY IS and the day: there are { $points } points in it.
