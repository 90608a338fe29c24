# What customers are told ahead of an appointment, and what they answer.
# Nobody is asked to reply CANCEL, STOP, END or QUIT: on SMS, carriers take those for an opt-out.

confirmation-label = Confirm my appointment
confirmation-reminder = A reminder from { $business }: { $service } on { $when } ({ $reference }). See you then?
confirmation-yes = I'll be there
confirmation-move = Another time
confirmation-give-up = I can't come
confirmation-kept = Thank you! See you on { $when } for { $service }.
confirmation-changed = That time has changed: { $service } is now on { $when }. Send MY APPOINTMENT to see or move it.
confirmation-gone = That appointment isn't in the book any more. Send BOOK for a new one, or ask for a PERSON.
