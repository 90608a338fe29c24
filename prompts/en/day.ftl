# What staff hear when they run the day.

roster-line = { $time } { $who }, { $service } ({ $resource }){ $status ->
        [pending] { " " }– not confirmed yet
        [in_progress] { " " }– here now
        [completed] { " " }– done
        [no_show] { " " }– did not come
        [cancelled] { " " }– cancelled
       *[other] { "" }
    }
roster-no-phone = no number
roster-who = { $customer } ({ $phone })
roster-seats = , { $seats } people
roster-address = , at { $address }
roster-loads = , { $loads ->
        [one] 1 load
       *[other] { $loads } loads
    }
roster-notes = . Note: “{ $notes }”
roster-payment = . { $price }, { $payment ->
        [paid] paid
        [refunded] paid back
        [waived] nothing due
       *[other] not paid yet
    }
roster-do-started = Arrived
roster-do-completed = Done
roster-do-no-show = Didn't come
roster-do-paid = Paid
roster-do-reopened = Open it again
roster-do-approve = Approve
roster-do-decline = Decline
roster-do-move = Move it
roster-do-cancel = Cancel it
roster-said-started = arrived, has arrived, is here, here, checked in, check in, came
roster-said-completed = done, is done, finished, completed, complete
roster-said-no-show = no show, no-show, noshow, did not come, never came, didn't show
roster-said-paid = paid, has paid, payment received
roster-said-reopened = reopen, re-open, open again, not done, did come

day-label = Today
day-not-staff = Only staff can see the day.
day-shown = { $day }: { $count ->
        [one] one booking.
       *[other] { $count } bookings.
    } Pick one to mark or change it:
day-nobody = Nothing is booked on { $day }.

up-next-label = Who's next?
up-next-not-staff = Only staff can see who is next.
up-next-shown = Next:
up-next-nobody = Nobody else is booked in the next hours.

visit-label = A booking
visit-not-staff = Only staff can see bookings.
visit-shown = { $service } on { $when }
    { $customer }, { $phone }, with { $resource }{ $details }
    { $reference }{ $status ->
        [pending] { " " }– not confirmed yet
        [in_progress] { " " }– here now
        [completed] { " " }– done
        [no_show] { " " }– did not come
        [cancelled] { " " }– cancelled
       *[other] { "" }
    }
visit-gone = That booking isn't there any more.

visit-action-label = Mark a visit
visit-action-not-staff = Only staff can mark visits.
visit-action-act = What shall I mark?
    .again = Please pick one of these, by its number or its name:
    .again2 = Just send the number in front of it, or NEVER MIND:
visit-action-which = Which one?
    .again = Please pick the booking, by its number or the customer's name:
    .again2 = Just send the number in front of it, or NEVER MIND:
visit-action-started = { $customer } is here for { $service }. Send DONE when it's over.
    Wrong? Send UNDO within a minute.
visit-action-completed = Done: { $service } for { $customer } at { $time }.
    Wrong? Send UNDO within a minute.
visit-action-no-show = Noted: { $customer } did not come to { $service } at { $time }.
    Wrong? Send UNDO within a minute.
visit-action-paid = Noted: { $customer } paid { $price } for { $service }.
visit-action-paid-and-confirmed = Noted: { $customer } paid { $price } for { $service }. It's confirmed now, and I've told them.
visit-action-was-paid = { $price } was paid
visit-action-nothing-due = Nothing is due for { $service } at { $time }.
visit-action-reopened = Opened again: { $service } for { $customer } on { $when } is confirmed.
visit-action-told = { $business }: your appointment for { $service } on { $when } stands again. The reference is still { $reference }.
visit-action-already = That's how it stands already: { $service } for { $customer } at { $time }.
visit-action-too-early = { $service } for { $customer } is on { $when }: it's too early to mark that.
visit-action-taken = Somebody else has that time now, so { $service } for { $customer } can't be opened again. WALK IN makes a new booking.
visit-action-impossible = That can't be marked: { $service } for { $customer } is { $status ->
        [pending] not confirmed yet
        [in_progress] under way
        [completed] done already
        [no_show] marked as missed
        [cancelled] cancelled
       *[other] still ahead
    }.
visit-action-unknown = That booking isn't there any more.
visit-action-nobody = There's no visit just now that this could mean. Send TODAY to see the day.
visit-action-left = All right, nothing was marked.
visit-action-undo =
    .undone = Undone: { $service } for { $customer } is confirmed again.
    .gone = That can't be taken back any more.
