# What the bot itself says, whatever is being talked about.

house-yes = Yes
house-noted = Noted.
house-no = No
house-day = { $day }
house-clock = { $time }
house-slot = { $when }
house-appointment = { $service }, { $when }
house-calendar = Calendar: { $url }
house-left = All right, I've left it there. Send MENU to see what I can do.
house-resume = Now, back to where we were ({ $flow }).
house-clarify = I'm not sure which you mean:
house-lost-at-the-counter = I'm sorry, I keep missing your point. Send MENU to see what you can do here, or NEVER MIND to leave this.
house-offer-person = I'm sorry, I keep missing your point. Shall I get a person from the team?
house-nothing-to-cancel = There's nothing under way to cancel.
house-undo = UNDO
house-nothing-to-undo = There's nothing to undo.
house-too-late-to-undo = It's too late to undo that here.
house-too-late-at-the-counter = It's too late to undo that. Send REVERSE to take a purchase back, or ADJUST to put points right.
house-which-business = Hello! Several shops share this number. Please send the code of yours:
    { $lines }
house-business-line = JOIN { $code } – { $business }
house-which-business-voice = Hello! Several shops share this number. Which one would you like?
house-press = For { $label }, press { $digit }.
house-call-trouble = I'm sorry, something went wrong on our side. Please call again in a little while. Goodbye!
house-goodbye = I can't hear anything, so I'll hang up now. Goodbye!

trouble-label = Trouble
trouble-sorry = I'm sorry, something went wrong on our side and I couldn't deal with that. Please try again, or ask for a PERSON at { $business }.

thanks-label = Thanks
thanks-welcome-voice = You're welcome!
thanks-welcome = You're welcome! Send MENU whenever you need me.
