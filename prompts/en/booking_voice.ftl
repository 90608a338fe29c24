# What callers hear about appointments where nothing can be sent, tapped or read again.

booking-service-again2-voice = Just press the number of what you'd like, or say never mind:
booking-booked-for-again-voice = Please say the name of your { $relation }:
booking-day-voice = { $service }: which day suits you? These are the next free ones, and you can say any other date.
booking-day-again2-voice = Press the number of one of these days, or say never mind:
booking-time-voice = What time on { $day }? You can say any other time too.
booking-time-again2-voice = Press the number of one of these times, or say never mind:
booking-seats-again2-voice = Please say just the number of people, like two, or never mind:
booking-address-voice = Where should we come to? Please say the full address.
booking-address-again2-voice = Please say the whole address at once, or never mind:
booking-loads-again2-voice = Please say just the number of loads, like two, or never mind:
booking-notes-voice = Anything we should know? Say it, or say skip.
booking-notes-again-voice = Is there anything we should know? Say it, or say skip:
booking-notes-again2-voice = Say what we should know, or skip, or never mind:
booking-booked-voice = Booked! { $service } on { $when }. Your reference is { $reference }.
booking-pending-payment-voice = { $service } on { $when } is kept for you. It's confirmed once { $price } is paid: the team will tell you how. Your reference is { $reference }.
booking-pending-approval-and-payment-voice = I've asked { $business } for { $service } on { $when }, and the time is kept for you. It's confirmed once they agree and { $price } is paid: the team will tell you how. Your reference is { $reference }.

availability-service-again2-voice = Just press the number of what you'd like, or say never mind:
availability-time-again2-voice = Press the number of one of these times, or say never mind:
availability-left-voice = All right. Say book whenever you like.

reschedule-which-again2-voice = Press the number of the appointment, or say never mind:
reschedule-time-voice = { booking-time-voice }
reschedule-day-again2-voice = { booking-day-again2-voice }
reschedule-time-again2-voice = { booking-time-again2-voice }

cancellation-which-again2-voice = Press the number of the appointment, or say never mind:
cancellation-cancelled-voice = Cancelled: { $service } on { $when }.
