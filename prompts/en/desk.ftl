# What staff hear when they book, move, cancel and close, and what customers are told of it.

walk-in-label = Book for a customer
walk-in-not-staff = Only staff can book for somebody else. Send BOOK to book for yourself.
walk-in-who = Who is it for? Send the phone number, or choose:
    .again = Please send the number like 0803 123 4567 or +1 415 555 0177, or choose:
    .again2 = I need the customer's phone number, all digits, or NEVER MIND:
walk-in-no-number = No number
walk-in-none = walk-in
walk-in-called = What is the customer called?
    .again = Just the name, please, or choose:
    .again2 = Send the customer's name, or NEVER MIND:
walk-in-no-name = No name
walk-in-somebody = Walk-in
walk-in-service = What shall I book?
    .again = Please pick one of these, by its number or its name:
    .again2 = Just send the number in front of it, or NEVER MIND:
walk-in-day = { $service }: when? These are the next free days; any other date works too.
    .none_left = There's nothing free that day. When then?
    .taken = That time has just been taken. When then?
    .not_offered = { $service } isn't done at that time, or somebody is away. When then?
    .again = When? You can say NOW, TOMORROW, FRIDAY or a date like 28 November.
    .again2 = Send the number of one of these, or NEVER MIND:
walk-in-now = Now
walk-in-right-now = right now
walk-in-time = What time on { $day }? Any other time is fine too.
    .no_such_time = The clocks skip that time on { $day }. What time then?
    .again = What time on { $day }? For example 3pm or 15:00.
    .again2 = Send the number of one of these times, or NEVER MIND:
walk-in-address = Which address?
    .again = I need the address, with house number and street:
    .again2 = Please send the address in one message, or NEVER MIND:
walk-in-loads = How many loads?
    .too_many = How many loads, from 1 to 20?
    .again = How many loads, as a number?
    .again2 = Please send just the number of loads, like 2, or NEVER MIND:
walk-in-confirm = { $service } for { $customer } on { $when }. Shall I book it?
    .again = Shall I book { $service } for { $customer } on { $when }? Yes or no?
    .again2 = Please answer YES to book it, or NO:
walk-in-booked = Booked: { $service } for { $customer } on { $when }, with { $resource }. The reference is { $reference }.
walk-in-card = Mark or change it
walk-in-nothing-offered = There's nothing here that can be booked.
walk-in-left-alone = All right, nothing is booked.
walk-in-left = All right, nothing is booked.
walk-in-told = { $business }: you're booked! { $service } on { $when }. Your reference is { $reference }.
walk-in-first-told = { $business }: you're booked! { $service } on { $when }. Your reference is { $reference }. Write to us here to move or cancel it. Reply STOP and we won't write to you again.

staff-move-label = Move a customer's booking
staff-move-not-staff = Only staff can move other people's bookings.
staff-move-gone = That booking can't be moved any more.
staff-move-day = { $service } for { $customer } is on { $old }. Which day instead?
    .none_left = There's nothing free that day. Which day instead?
    .again = Which day? You can say TOMORROW, FRIDAY or a date like 28 November.
    .again2 = Send the number of one of these days, or NEVER MIND:
staff-move-time = What time on { $day }? Any other time is fine too.
    .no_such_time = The clocks skip that time on { $day }. What time then?
    .taken = That time can't be had: somebody has it, or nobody is there. What time then?
    .again = What time on { $day }? For example 3pm or 15:00.
    .again2 = Send the number of one of these times, or NEVER MIND:
staff-move-confirm = Move { $service } for { $customer } from { $old } to { $new }, and tell them?
    .again = Shall I move it to { $new }? Yes or no?
    .again2 = Please answer YES to move it to { $new }, or NO to keep { $old }:
staff-move-moved = Moved: { $service } for { $customer } is now on { $new }. I've told them.
staff-move-moved-untold = Moved: { $service } for { $customer } is now on { $new }. I can't write to them: please call { $phone }.
staff-move-kept = All right, it stays on { $old }.
staff-move-full = There's no other time free for { $service }.
staff-move-left = All right, it stays as it is.
staff-move-told = { $business }: your appointment for { $service } has been moved from { $old } to { $new }. The reference stays { $reference }. If that doesn't suit you:

staff-cancel-label = Cancel a customer's booking
staff-cancel-not-staff = Only staff can cancel other people's bookings.
staff-cancel-gone = That booking can't be cancelled any more.
staff-cancel-confirm = Cancel { $service } for { $customer } on { $when }, and tell them?
    .again = Shall I cancel { $service } for { $customer }? Yes or no?
    .again2 = Please answer YES to cancel it, or NO to keep it:
staff-cancel-cancelled = Cancelled: { $service } for { $customer } on { $when }. I've told them.
staff-cancel-cancelled-untold = Cancelled: { $service } for { $customer } on { $when }. I can't write to them: please call { $phone }.
staff-cancel-kept = All right, it stays.
staff-cancel-left = All right, it stays.
staff-cancel-told = { $business }: I'm sorry, we have to cancel your appointment for { $service } on { $when } ({ $reference }). Shall we find another time?
staff-cancel-book-again = Book another time

booking-review-label = Bookings to approve
booking-review-not-staff = Only staff can approve bookings.
booking-review-asked = { $customer } ({ $phone }) would like { $service } on { $when }, with { $resource }. Shall I confirm it?
booking-review-approve = Approve
booking-review-decline = Decline
booking-review-which = These wait for your yes. Which one?
    .again = Please pick one, by its number or the customer's name:
    .again2 = Just send the number in front of it, or NEVER MIND:
booking-review-decision = { $service } for { $customer } ({ $phone }) on { $when }, with { $resource }:
    .again = Approve or decline { $service } for { $customer }?
    .again2 = Please answer APPROVE or DECLINE, or NEVER MIND:
booking-review-nothing = Nothing waits for approval.
booking-review-confirmed = Approved: { $service } for { $customer } on { $when } is confirmed. I've told them.
booking-review-waits-for-payment = Noted: { $service } for { $customer } on { $when } stands once { $price } is paid.
booking-review-declined = Declined: { $service } for { $customer } on { $when }. I've told them.
booking-review-already = That has been answered already: { $service } for { $customer } on { $when }.
booking-review-gone = That request isn't open any more: { $service } for { $customer } on { $when }.
booking-review-unknown = That request isn't there any more.
booking-review-left = All right, it still waits.
booking-review-told-confirmed = Good news: { $service } on { $when } is confirmed. Your reference is { $reference }.
    Send MY APPOINTMENT to see or change it.{ $calendar }
booking-review-told-waits-for-payment = { $service } on { $when } is accepted, and yours once { $price } is paid. Your reference is { $reference }.
booking-review-told-declined = { $business }: I'm sorry, we can't do { $service } on { $when }. Shall we find another time?

closing-everything = The whole shop
closing-shop = everything
closing-line = { $when }: { $customer }, { $service }
closing-another-time = Another time
closing-told = { $business }: I'm sorry, we can't keep your appointment for { $service } on { $when } ({ $reference }). Would one of these times suit you?

block-label = Block time
block-not-staff = Only staff can block time.
block-when = When? For example TOMORROW 2-3PM.
    .past = That is over already. When?
    .again = I need a day and two times, like FRIDAY 10 TO 12:
    .again2 = Please write it like TODAY 2PM TO 3PM, or NEVER MIND:
block-what = Whose time?
    .again = Please pick one, by its number or its name:
    .again2 = Just send the number in front of it, or NEVER MIND:
block-sure = { $count ->
        [one] One booking lies
       *[other] { $count } bookings lie
    } between { $since } and { $until } on { $day } ({ $what }):
    { $lines }
    Shall I block the time and offer them other times?
    .again = Shall I block { $what } on { $day } from { $since } to { $until }? Yes or no?
    .again2 = Please answer YES to block it and write to them, or NO:
block-closed = Blocked: { $what } on { $day } from { $since } to { $until }.
    Wrong? Send UNDO within a minute.
block-closed-and-told = Blocked: { $what } on { $day } from { $since } to { $until }. I've offered other times to { $count ->
        [one] one customer
       *[other] { $count } customers
    }; until they choose, their bookings stand.
block-kept = All right, nothing is blocked.
block-left = All right, nothing is blocked.
block-undo =
    .undone = Undone: the time can be booked again.
    .already = That time can be booked again already.

day-off-label = A day off
day-off-not-staff = Only staff can close days.
day-off-day = Which day off?
    .past = That day is over. Which day?
    .again = Which day? You can say TOMORROW, FRIDAY or a date like 28 November.
    .again2 = Send the number of one of these days, or NEVER MIND:
day-off-what = Who is off?
    .again = Please pick one, by its number or its name:
    .again2 = Just send the number in front of it, or NEVER MIND:
day-off-sure = { $count ->
        [one] One booking lies
       *[other] { $count } bookings lie
    } on { $day } ({ $what }):
    { $lines }
    Shall I close the day and offer them other times?
    .again = Shall I close { $day } for { $what }? Yes or no?
    .again2 = Please answer YES to close it and write to them, or NO:
day-off-closed = Closed: { $what } is off on { $day }.
    Wrong? Send UNDO within a minute.
day-off-closed-and-told = Closed: { $what } is off on { $day }. I've offered other times to { $count ->
        [one] one customer
       *[other] { $count } customers
    }; until they choose, their bookings stand.
day-off-kept = All right, { $day } stays as it is.
day-off-left = All right, nothing is closed.
day-off-undo =
    .undone = Undone: that day can be booked again.
    .already = That day can be booked again already.
