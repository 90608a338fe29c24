# What customers are told ahead of an appointment, and what they answer.
# Nobody is asked to reply CANCEL, STOP, END or QUIT: on SMS, carriers take those for an opt-out.

confirmation-label = Confirm my appointment
confirmation-reminder = A reminder from { $business }: { $service } on { $when } ({ $reference }). See you then?
confirmation-yes = I'll be there
confirmation-move = Another time
confirmation-give-up = I can't come
confirmation-yes-said = yes
confirmation-move-said = move it
confirmation-give-up-said = no
confirmation-kept = Thank you! See you on { $when } for { $service }.
confirmation-changed = That time has changed: { $service } is now on { $when }. Send MY APPOINTMENT to see or move it.
confirmation-gone = That appointment isn't in the book any more. Send BOOK for a new one, or ask for a PERSON.

waitlist-label = Join the waiting list
waitlist-service = What would you like to wait for?
    .withdrawn = That isn't offered any more. What would you like to wait for?
    .again = Please pick one of these, by its number or its name:
    .again2 = Just send the number in front of what you'd like, or NEVER MIND:
waitlist-seats = For how many? Up to { $most } can come together.
    .too_many = That's more than there are places. For how many, up to { $most }?
    .again = For how many, as a number?
    .again2 = Please send just the number of people, like 2, or NEVER MIND:
waitlist-day = { $service }: which day would suit you? Say FRIDAY, NEXT WEEK, a date, or any day.
    .past = That day is past. Which day would suit you?
    .again = Which day? You can say TOMORROW, FRIDAY or a date like 28 November.
    .again2 = Send a day, or 1 for any day in the next two weeks, or NEVER MIND:
waitlist-part = What time of day would suit you?
    .again = Morning, afternoon or evening? Or any time?
    .again2 = Send the number of one of these, or NEVER MIND:
waitlist-hours = { $part ->
    [morning] Morning
    [afternoon] Afternoon
    [evening] Evening
   *[any] Any time
}
waitlist-any-day = Any day in the next two weeks
waitlist-time = { $when }
waitlist-anyway = None of these: I'll wait
waitlist-instead = None of these: waiting list
waitlist-when = { $length ->
    [one] { $day }
   *[several] { $day } to { $until }
}{ $part ->
    [morning] , in the morning
    [afternoon] , in the afternoon
    [evening] , in the evening
   *[any] { "" }
}
waitlist-free = Good news: there is something free for { $service }. Shall I book one of these?
waitlist-joined = You're on the waiting list for { $service }: { $when }. If something opens I'll write at once and keep it { $minutes } minutes for you.
    Send MY WAITLIST to see or leave it.
waitlist-already = You're on the waiting list for { $service } already: { $when }. I'll write as soon as something opens.
waitlist-nothing-offered = { $business } takes no bookings here. Ask for a PERSON and the team will help.
waitlist-left = All right. Send BOOK whenever you like.

waitlisted-label = My waiting list
waitlisted-which = { $count ->
        [one] You're waiting for:
       *[other] You're waiting for these:
    }
    { $lines }
    I'll write as soon as something opens.
    .again = Which of these would you like to leave? Send its number:
    .again2 = Send the number of what you no longer wait for, or NEVER MIND:
waitlisted-line = { $service }, { $when }
waitlisted-leave = Leave: { $place }
waitlisted-given-up = Done, you're no longer waiting for that.
waitlisted-none = You're on no waiting list. Send WAITLIST to join one.
waitlisted-left = All right, you stay on the list.

offer-label = A free time
offer-made = { $business }: { $service } has become free on { $when }{ $price }. I'm keeping it for you until { $until }. Would you like it?
offer-yes = Yes, I'll take it
offer-no = No, thanks
offer-booked = It's yours! { $service } on { $when }. Your reference is { $reference }.{ $meeting }
    Send MY APPOINTMENT to see, move or cancel it.{ $calendar }
offer-pending = { $service } on { $when } is kept for you; your reference is { $reference }.
    .approval = { $service } on { $when } is kept for you; your reference is { $reference }. { $business } will confirm it or tell you here.
    .payment = { $service } on { $when } is kept for you; your reference is { $reference }. It's confirmed once { $price } is paid: the team will send you how.
    .approval_and_payment = { $service } on { $when } is kept for you; your reference is { $reference }. It's confirmed once { $business } agrees and { $price } is paid: the team will send you how.
offer-refused = All right, somebody else will be glad of it. You stay on the waiting list.
offer-gone = I'm sorry, that time has gone to somebody else. You stay on the waiting list.

refills-label = Refilled gaps
refills-shown = In the last { $days } days: { $gaps ->
        [one] 1 gap refilled
       *[other] { $gaps } gaps refilled
    } from the waiting list, { $amount }. Waiting now: { $waiting }.
refills-not-staff = Only the team can look at that.
refills-told = { $gaps ->
        [one] A gap was refilled
       *[other] { $gaps } gaps were refilled
    } from the waiting list, { $amount }:
    { $lines }
refills-line = { $service }, { $when }, { $who }
