# What customers hear about appointments.
# The way out is NEVER MIND: on SMS, carriers take CANCEL, END and QUIT for an opt-out and block us.

booking-label = Book an appointment
booking-service = What would you like to book?
    .withdrawn = That isn't offered any more. What would you like to book?
    .again = Please pick one of these, by its number or its name:
    .again2 = Just send the number in front of what you'd like, or NEVER MIND:
booking-day = { $service }: which day suits you? These are the next free ones; any other date works too.
    .closed = There's nothing free on { $day }. How about one of these?
    .none_then = There's nothing free then. These are the next free days:
    .other_days = { $service }: these days have something free. Which suits you?
    .no_other_days = There are no further days to book just now. These are free:
    .same_time = At { $time } again, gladly. Which day?
    .no_last_time = I can't tell which time you mean. Which day suits you? I'll ask for the time next.
    .none_left = That day has just filled up. How about one of these?
    .no = No problem, I've let that time go. Which day suits you better?
    .again = Which day? You can say TOMORROW, FRIDAY or a date like 28 November.
    .again2 = Send the number of one of these days, or NEVER MIND:
booking-time = What time on { $day }? Any other time is fine too, if it's free.
    .not_free = That time isn't free on { $day }. These are:
    .lapsed = I could hold it only until { $until }, and somebody has taken it since. Still free on { $day }:
    .taken = Somebody has just taken that time. These are still free on { $day }:
    .other_times = { $more ->
        [yes] On { $day } there's, among others:
       *[no] On { $day } there's:
    }
    .another_day = That's all on { $instead_of }. On { $day } there's:
    .not_then = There's nothing on { $day } at that time of day. These are free:
    .earliest = That's the earliest there is. Free on { $day }:
    .latest = That's the latest there is. Free on { $day }:
    .no_last_time = I can't tell which time you mean. What time on { $day }?
    .again = What time on { $day }? For example 3pm or 15:00.
    .again2 = Send the number of one of these times, or NEVER MIND:
booking-seats = { $most ->
        [one] For how many?
       *[other] For how many? Up to { $most } can come together.
    }
    .too_many = At most { $most } can come together. For how many shall I look?
    .again = How many of you are coming, as a number?
    .again2 = Please send just the number of people, like 2, or NEVER MIND:
booking-booked-for = What's the name of your { $relation }?
    .again = Please send the name of your { $relation }:
    .again2 = Just the name of who is coming, or NEVER MIND:
booking-address = Where should we come to? Please send the full address.
    .again = I need the address, with house number and street:
    .again2 = Please send the address in one message, or NEVER MIND:
booking-loads = How many loads?
    .too_many = That's more than we can take at once. How many loads, up to 20?
    .again = How many loads, as a number?
    .again2 = Please send just the number of loads, like 2, or NEVER MIND:
booking-notes = Anything we should know? Send it in a message, or SKIP.
    .again = Is there anything we should know? Write it, or say SKIP:
    .again2 = Write what we should know, SKIP, or NEVER MIND:
booking-price = , { $price }
booking-price-a-load = , { $price } a load
booking-price-a-seat = , { $price } each
booking-told-for = , for { $told }
booking-told-seats = { $told ->
    [one] , 1 person
   *[other] , { $told } people
}
booking-told-at = , at { $told }
booking-told-loads = { $told ->
    [one] , 1 load
   *[other] , { $told } loads
}
booking-told-notes = , note: { $told }
booking-confirm = { $service } on { $when }{ $details }. { $minutes ->
        [0] I couldn't hold it any longer, but it's yours if it is still free. Shall I book it?
        [one] I'm holding it for you for 1 minute. Shall I book it?
       *[other] I'm holding it for you for { $minutes } minutes. Shall I book it?
    }
    .again = Shall I book { $service } on { $when }? Yes or no?
    .again2 = Please answer YES to book { $service } on { $when }, or NO:
booking-booked = Booked! { $service } on { $when }. Reference { $reference }.{ $meeting }
    Send MY APPOINTMENT to see or change it.{ $calendar }
booking-meeting = Online: { $platform } { $url }
booking-meeting-id = ID { $code }
booking-meeting-password = password { $code }
booking-pending = I've asked for { $service } on { $when } for you.
    .approval = I've asked { $business } for { $service } on { $when }, and the time is kept for you. They'll confirm it or tell you here; your reference is { $reference }.
    .payment = { $service } on { $when } is kept for you; your reference is { $reference }. It's confirmed once { $price } is paid: the team will send you how.
    .approval_and_payment = I've asked { $business } for { $service } on { $when }, and the time is kept for you; your reference is { $reference }. It's confirmed once they agree and { $price } is paid: the team will send you how.
booking-lapsed = { $business }: I'm sorry, your { $service } on { $when } { $unpaid ->
    [yes] was not paid in time
   *[no] was not confirmed in time
}, so the time is free again.
booking-lapsed-again = Choose a time again
booking-full = I'm sorry, there's nothing free for { $service } at the moment. Ask for a PERSON and the team will help.
booking-nothing-offered = { $business } takes no bookings here. Ask for a PERSON and the team will help.
booking-left = All right, nothing is booked.

availability-label = What's free?
availability-service = What would you like to come for?
    .withdrawn = That isn't offered any more. What would you like to come for?
    .again = Please pick one of these, by its number or its name:
    .again2 = Just send the number in front of what you'd like, or NEVER MIND:
availability-time = { $service }, free times:
    .day = { $service }: free on { $day }. Pick one and I'll hold it for you.
    .days = { $service }: the next free times. Pick one and I'll hold it, or name another day.
    .free = Yes, { $when } is free for { $service }. Shall I take it?
    .not_free = { $days ->
        [one] That time isn't free. On { $day } there's:
       *[other] That time isn't free. What there is:
    }
    .none_then = There's nothing free then. The next free times:
    .no_further = There's nothing free there. What I have:
    .again = Which of these times? Or name another day:
    .again2 = Send the number of one of these times, or NEVER MIND:
availability-full = I'm sorry, there's nothing free for { $service } at the moment. Ask for a PERSON and the team will help.
availability-nothing-offered = { $business } takes no bookings here. Ask for a PERSON and the team will help.
availability-left = All right. Send BOOK whenever you like.

appointments-label = My appointments
appointments-shown = { $count ->
        [one] Your appointment:
       *[other] Your appointments:
    }
    { $lines }
appointments-line = { $service }, { $when }{ $details }, reference { $reference }{ $waits ->
    [approval] { " " }(waiting for the team's yes)
    [payment] { " " }(confirmed once { $price } is paid)
    [approval_and_payment] { " " }(waiting for the team's yes, and { $price } to pay)
   *[nothing] { "" }
}{ $meeting }
appointments-unknown = I can't find { $reference } among your appointments. Please check it for a slip; only the phone it was booked with can ask for it.
appointments-none = You've no appointment coming up.

reschedule-label = Move an appointment
reschedule-which = Which appointment would you like to move?
    .again = Please pick the appointment, by its number:
    .again2 = Send the number of the appointment, or NEVER MIND:
reschedule-day = { $service } is on { $when }. Which day would suit you better?
    .closed = { booking-day.closed }
    .none_then = { booking-day.none_then }
    .other_days = { booking-day.other_days }
    .no_other_days = { booking-day.no_other_days }
    .same_time = { booking-day.same_time }
    .no_last_time = { booking-day.no_last_time }
    .none_left = { booking-day.none_left }
    .again = { booking-day.again }
    .again2 = { booking-day.again2 }
reschedule-time = { booking-time }
    .not_free = { booking-time.not_free }
    .unchanged = It's at that time already. What else is free on { $day }:
    .taken = { booking-time.taken }
    .other_times = { booking-time.other_times }
    .another_day = { booking-time.another_day }
    .not_then = { booking-time.not_then }
    .earliest = { booking-time.earliest }
    .latest = { booking-time.latest }
    .no_last_time = { booking-time.no_last_time }
    .again = { booking-time.again }
    .again2 = { booking-time.again2 }
reschedule-confirm = Move { $service } from { $old } to { $new }?
    .again = Shall I move { $service } to { $new }? Yes or no?
    .again2 = Please answer YES to move it to { $new }, or NO to keep { $old }:
reschedule-moved = Moved! { $service } is now on { $new }. The reference stays { $reference }.{ $calendar }
reschedule-kept = All right, it stays on { $old }.
reschedule-unknown = { appointments-unknown }
reschedule-cut-off = { $service } on { $when } is less than { $hours ->
        [one] an hour
       *[other] { $hours } hours
    } away, so I can't move it myself any more. The team may still be able to: shall I ask them?
reschedule-too-late = I can't move that appointment any more. Ask for a PERSON and the team will help.
reschedule-full = I'm sorry, there's no other time free for { $service } at the moment.
reschedule-none = You've no appointment at { $business } to move.
reschedule-left = All right, your appointment stays as it is.

cancellation-label = Cancel an appointment
cancellation-which = Which appointment would you like to cancel?
    .again = Please pick the appointment, by its number:
    .again2 = Send the number of the appointment, or say NEVER MIND:
cancellation-confirm = Cancel { $service } on { $when }?
    .again = Shall I cancel { $service } on { $when }? Yes or no?
    .again2 = Please answer YES to cancel { $service }, or NO to keep it:
cancellation-cancelled = Cancelled: { $service } on { $when } ({ $reference }). Send BOOK whenever you'd like another.
cancellation-unknown = { appointments-unknown }
cancellation-cut-off = { $service } on { $when } is less than { $hours ->
        [one] an hour
       *[other] { $hours } hours
    } away, so I can't cancel it myself any more. The team may still be able to: shall I ask them?
cancellation-too-late = I can't cancel that appointment any more. Ask for a PERSON and the team will help.
cancellation-kept = All right, your appointment stays: { $service } on { $when }.
cancellation-none = You've no appointment at { $business } to cancel.
cancellation-left = All right, your appointment stays as it is.
