# What staff and owners do by message beside the till: points by hand, purchases taken back, approvals, the day's figures.

adjustment-label = Adjust points
adjustment-not-staff = Only staff can adjust points.
adjustment-customer = Whose points? Please send the phone number.
    .unknown = I don't know that number. Whose points? Please send the phone number.
    .again = That doesn't look like a phone number. Please send it like 0803 123 4567 or +234 803 123 4567:
    .again2 = I need the customer's phone number, all digits, or NEVER MIND:
adjustment-points = How many points for { $customer }? +200 gives, -50 takes.
    .nonsense = That can't be right. How many points for { $customer }? +200 gives, -50 takes.
    .again = I need points with a sign, like +200 or -50:
    .again2 = Please send just the points, like +200 or -50, or NEVER MIND:
adjustment-reason = { $points } points for { $customer }. Why?
    .again = Please pick the reason, by its number:
    .again2 = Send the number of the reason, or NEVER MIND:
adjustment-reason-goodwill = Goodwill
adjustment-reason-correction = Correction
adjustment-reason-missed = Purchase not logged
adjustment-reason-promotion = Promotion
adjustment-reason-other = Another reason
adjustment-note = In a few words: why?
    .again = Please say in a few words why:
    .again2 = A few words are enough, or NEVER MIND:
adjustment-pin = { $points } points for { $customer }. Your PIN, please.
    .wrong = That PIN isn't right. { $left ->
            [one] One more try before a pause.
           *[other] { $left } more tries before a pause.
        } Your PIN, please.
    .again = Your PIN has six digits. Please send it, or NEVER MIND.
    .again2 = Just the six digits of your PIN, please, or NEVER MIND.
adjustment-adjusted = Done: { $points } points for { $customer }. New balance: { $balance }.
adjustment-alone = Done: { $points } points for { $customer }. New balance: { $balance }.
    No other owner could agree to this, so it will stand in your weekly report.
adjustment-waits = { $points } points for { $customer } need an owner's yes. I've asked, and I'll tell you here.
adjustment-own = You can't adjust your own points, or those of somebody close to you. Ask a colleague.
adjustment-locked = Too many wrong PINs. Please wait until { $until } and try again.
adjustment-disabled = You have no PIN yet. Ask the owner to set one.
adjustment-refused = { $reason ->
    [own_account] You can't adjust your own points, or those of somebody close to you. Ask a colleague.
    [blocked] This customer is blocked: nothing was adjusted. Ask the owner.
    [not_enough] { $customer } hasn't got that many points to take: nothing was adjusted.
   *[other] I don't know that customer any more: nothing was adjusted.
}
adjustment-left = All right, nothing was adjusted.
adjustment-receipt = { $business }: we've put your points right by { $points }. Your balance is { $balance }.

reversal-label = Take a purchase back
reversal-not-staff = Only staff can take purchases back.
reversal-customer = Whose purchase? Please send the phone number.
    .unknown = I don't know that number. Whose purchase? Please send the phone number.
    .again = That doesn't look like a phone number. Please send it like 0803 123 4567 or +234 803 123 4567:
    .again2 = I need the customer's phone number, all digits, or NEVER MIND:
reversal-sale = Which of { $customer }'s purchases?
    .again = Please pick the purchase, by its number:
    .again2 = Send the number of the purchase, or NEVER MIND:
reversal-sale-line = { $amount }, { $when }, by { $staff } ({ $points ->
        [one] 1 point
       *[other] { $points } points
    })
reversal-sale-line-unsigned = { $amount }, { $when } ({ $points ->
        [one] 1 point
       *[other] { $points } points
    })
reversal-reason = Take back { $customer }'s { $line }? Why?
    .again = Please pick the reason, by its number:
    .again2 = Send the number of the reason, or NEVER MIND:
reversal-reason-part = A part came back
reversal-reason-mistake = Entered by mistake
reversal-reason-refund = Money given back
reversal-reason-wrong-customer = Wrong customer
reversal-reason-other = Another reason
reversal-note = In a few words: why?
    .again = Please say in a few words why:
    .again2 = A few words are enough, or NEVER MIND:
reversal-part = How much of { $line } came back?
    .nonsense = It can't be more than that. How much of { $line } came back?
    .again = I need an amount, like 2000 or 2k:
    .again2 = Just the amount that came back, in figures, or NEVER MIND:
reversal-pin = Take back { $part } of { $customer }'s { $line }. Your PIN, please.
    .wrong = That PIN isn't right. { $left ->
            [one] One more try before a pause.
           *[other] { $left } more tries before a pause.
        } Your PIN, please.
    .again = Your PIN has six digits. Please send it, or NEVER MIND.
    .again2 = Just the six digits of your PIN, please, or NEVER MIND.
reversal-returned = Done: { $customer }'s { $amount } is taken back, with { $points ->
        [0] no points
        [one] 1 point
       *[other] { $points } points
    }. Balance: { $balance }.
reversal-in-debt = Done: { $customer }'s { $amount } is taken back. { $debt ->
        [one] 1 of its points was spent already: the next purchase makes up for it.
       *[other] { $debt } of its { $points } points were spent already: the next purchases make up for them.
    }
reversal-nothing = { $customer } has no purchases to take back.
reversal-already = That purchase has been taken back already.
reversal-own = You can't take back a purchase of your own, or of somebody close to you. Ask a colleague.
reversal-locked = Too many wrong PINs. Please wait until { $until } and try again.
reversal-disabled = You have no PIN yet. Ask the owner to set one.
reversal-left = All right, nothing was taken back.
reversal-receipt = { $business }: your purchase of { $amount } was taken back, with its points. { $debt ->
        [0] Your balance is { $balance }.
       *[other] { $debt } of them were spent already, so your next points make up for those.
    }

look-up-label = Look a customer up
look-up-not-staff = Only staff can look customers up.
look-up-who = Whom shall I look up? A phone number or a name.
    .nobody = I know nobody like “{ $who }”. A phone number, or how the name begins?
    .again = Please send a phone number or a name:
    .again2 = A phone number or how the name begins, or NEVER MIND:
look-up-meant = Which one?
    .again = Please pick one, by the number in front:
    .again2 = Send the number in front of the customer you mean, or NEVER MIND:
look-up-choice = { $customer } ({ $phone })
look-up-unnamed = No name yet
look-up-gone = I can't find them any more.
look-up-shown = { $customer } ({ $phone })
    { $lines }
look-up-not-joined = Hasn't joined yet
look-up-tier = { $tier }
look-up-points = { $points ->
        [one] 1 point
       *[other] { $points } points
    } to spend{ $pending ->
        [0] {""}
       *[other] , { $pending } more soon
    }{ $held ->
        [0] {""}
       *[other] , { $held } held for a reward
    }{ $debt ->
        [0] {""}
       *[other] , { $debt } owed
    }
look-up-purchase = { $when }: { $amount }, { $points ->
        [one] 1 point
       *[other] { $points } points
    }
look-up-appointment = Next: { $service }, { $when }
look-up-contacts = So far: { $bookings ->
        [one] 1 booking
       *[other] { $bookings } bookings
    }, { $calls ->
        [one] 1 call
       *[other] { $calls } calls
    }
look-up-notes = Note: { $notes }
look-up-left = All right.

totals-label = Today's totals
totals-not-staff = Only staff can see the day's totals.
totals-shown = { $date } so far: { $purchases ->
        [one] 1 purchase
       *[other] { $purchases } purchases
    }, { $amount }
    Points given: { $given }, spent: { $redeemed }
    Purchases taken back: { $reversals }
    Points by hand: { $adjusted } in { $adjustments ->
        [one] 1 adjustment
       *[other] { $adjustments } adjustments
    }
    Bookings today: { $bookings }{ $lines }
totals-line = { $staff }: { $purchases }, { $amount }

approval-label = Approvals
approval-not-staff = Only staff can decide that.
approval-approve = Approve
approval-refuse = Refuse
approval-which = These wait for a yes or a no:
    .again = Please pick one, by its number:
    .again2 = Send the number of the one you mean, or NEVER MIND:
approval-line-adjustment = { $points } points for { $customer }
approval-line-receipt = Receipt of { $customer }: { $amount }
approval-about-adjustment = { $staff } asks for { $points } points for { $customer }: { $reason ->
        [goodwill] goodwill
        [correction] correction
        [missed] a purchase that was not logged
        [promotion] promotion
       *[other] another reason
    }{ $noted ->
        [no] .
       *[yes] , “{ $note }”.
    }
approval-about-receipt = { $customer } sent a receipt over { $amount }{ $numbered ->
        [no] .
       *[yes] , number { $number }.
    }
    The picture: { $url }
approval-asked-adjustment = { $staff } asks for { $points } points for { $customer }: { $reason ->
        [goodwill] goodwill
        [correction] correction
        [missed] a purchase that was not logged
        [promotion] promotion
       *[other] another reason
    }{ $noted ->
        [no] .
       *[yes] , “{ $note }”.
    } Do you agree?
approval-asked-receipt = { $customer } sent a receipt over { $amount }{ $numbered ->
        [no] .
       *[yes] , number { $number }.
    }
    The picture: { $url }
    Does it earn points?
approval-decision = { $line }
    .again = { $line } Approve or refuse?
    .again2 = { $line } Send 1 to approve, 2 to refuse, or NEVER MIND:
approval-why = { $line } You refuse. What's the reason? Pick one, or write it.
    .again = Please pick the reason by its number, or write it in a few words:
    .again2 = The number of a reason, or a few words, or NEVER MIND:
approval-why-unreadable = I can't read it
approval-why-amount = The amount is another one
approval-why-not-ours = It isn't from here
approval-why-counted = It has been counted already
approval-why-talk-first = Let's talk first
approval-why-not-justified = I don't see why
approval-pin = { $line } Your PIN to approve, please.
    .wrong = That PIN isn't right. { $left ->
            [one] One more try before a pause.
           *[other] { $left } more tries before a pause.
        } Your PIN, please.
    .again = Your PIN has six digits. Please send it, or NEVER MIND.
    .again2 = Just the six digits of your PIN, please, or NEVER MIND.
approval-approved = { $kind ->
    [adjustment] Approved: { $points } points for { $customer }. Everybody knows.
   *[receipt] Approved: { $customer } has the points for { $amount }.
}
approval-refused = { $kind ->
    [adjustment] Refused: { $points } points for { $customer }.
   *[receipt] Refused: { $customer }'s receipt over { $amount }.
} I've said why.
approval-impossible = That can't be done any more: { $why ->
        [not_enough] the points to be taken are spent.
        [receipt_used] the receipt's number has been counted already.
        [blocked] the customer is blocked.
        [own_account] the one who asked is the customer.
       *[other] the customer is gone.
    }
approval-nothing = Nothing waits for you.
approval-decided = Somebody has decided that already.
approval-expired = That has waited too long and has lapsed.
approval-not-allowed = That needs another person's yes: an owner who didn't ask for it.
approval-own = That's about you, or somebody close to you: a colleague has to decide.
approval-unknown = I can't find that request any more.
approval-locked = Too many wrong PINs. Please wait until { $until } and try again.
approval-disabled = You have no PIN yet: set one in the business file.
approval-left = All right, it still waits. Send APPROVALS to see it.
approval-told = { $outcome ->
    [approved] { $staff } approved { $points } points for { $customer }.
    [refused] { $staff } refused { $points } points for { $customer }: { $why ->
            [talk_first] let's talk first.
            [not_justified] no reason seen.
           *[other] “{ $why }”
        }
   *[other] { $points } points for { $customer } were approved but can't be done: { $why ->
            [not_enough] the points to be taken are spent.
           *[other] the customer's account doesn't allow it.
        }
}
approval-lapsed = Nobody decided on { $points } points for { $customer } in time, so it has lapsed.

receipt-label = Points for a receipt
receipt-kept = Thank you, the team at { $business } can see that. I can only read words, though: please write what it's about, or ask for a PERSON.
receipt-amount = Thank you for the picture! If it's a receipt from { $business }, what's the total? I'll have it looked at for your points.
    .nonsense = That can't be the total. What does the receipt come to?
    .again = I need the total on the receipt, like 4,500, or send 1 if it's none:
    .again2 = Just the total, in figures, please. Or 1 if it's no receipt, or NEVER MIND:
receipt-how = Hasn't a purchase been counted? Send me a picture of its receipt, and somebody at { $business } will look at it. If you've sent one already, I'll write as soon as that's done.
receipt-not-here = Hasn't a purchase been counted? Please show its receipt at the counter, or ask for a PERSON at { $business }.
receipt-not-one = It's something else
receipt-number = And the number printed on it?
    .again = Please send the receipt's number, or 1 if there is none:
    .again2 = The number on the receipt, or 1 if there is none, or NEVER MIND:
receipt-no-number = It has no number
receipt-waiting = Thank you! Somebody at { $business } will look at it, and I'll write as soon as your points are there.
receipt-too-many = That's kind, but I can take { $most ->
        [one] one receipt
       *[other] { $most } receipts
    } a day. Please send it tomorrow.
receipt-used = That receipt's number has been counted already. If that can't be, ask for a PERSON.
receipt-refused-here = I can't take that receipt. Please ask for a PERSON at { $business }.
receipt-left = All right, the picture isn't used for points. Send it again whenever you like.
receipt-approved = { $business }: your receipt over { $amount } has been looked at, and you earned { $points ->
        [0] no points
        [one] 1 point
       *[other] { $points } points
    }. { $waits ->
        [yes] You can spend them from { $from } on. Until then your balance is { $balance }.
       *[no] Your balance is { $balance }.
    }
receipt-refused = { $business }: we've looked at your receipt, and sorry, we can't give points for it: { $why ->
        [unreadable] we couldn't read it. Please send a sharper picture.
        [amount] the amount on it is another one. Please send it again with that.
        [not_ours] it doesn't seem to be from our shop.
        [counted] it has been counted already.
        [receipt_used] its number has been counted already.
        [blocked] please ask us at the counter.
        [own_account] please ask us at the counter.
       *[other] { $remark }
    }
receipt-lapsed = { $business }: sorry, nobody got round to looking at your receipt over { $amount }. Please show it at the counter.

digest-label = Weekly report
digest-not-staff = Only owners get the weekly report.
digest-unusual = { $business }, { $since } to { $until }. This was unusual at the till:
    { $lines }
    It may all have its reasons. What do you make of it?
digest-nothing-unusual = { $business }, { $since } to { $until }: nothing unusual at the till.
digest-answer-ok = That's fine
digest-answer-look-into-it = I'll look into it
digest-ok = Good, I've noted that it's fine.
digest-look-into-it = Noted. Send LOOK UP and a name to see a customer's purchases, or TOTALS for the day.
digest-unknown = I can't find that report any more.
digest-line-always-the-same = - { $whom } was served by { $staff } alone, { $times } times in four weeks.
digest-line-many-points = - { $staff } logged { $times ->
        [one] 1 purchase
       *[other] { $times } purchases
    } with far more points than usual: up to { $most }, where { $usual } is usual.
digest-line-after-hours = - { $staff } logged { $times ->
        [one] 1 purchase
       *[other] { $times } purchases
    } while the shop was closed.
digest-line-by-hand = - { $staff } gave { $points } points by hand in { $times } adjustments: { $percent } % of all points they gave.
digest-line-spent-at-once = - { $staff } gave points and handed over the reward within { $minutes } minutes, { $times } times.
digest-line-split = - { $staff } logged { $times } purchases of { $whom } within { $minutes } minutes.
digest-line-alone = - { $staff } put { $whom }'s points right by { $points }, with no other owner to ask.
