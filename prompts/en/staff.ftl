# What staff hear at the counter, and what customers are told of it.

purchase-label = Log a purchase
purchase-not-staff = Only staff can log purchases.
purchase-garbled = I couldn't read that line. Please write phone, amount and PIN in this order:
    log 0803 123 4567 5000 PIN
    What it was for and “receipt” with its number may stand before the PIN.
    Or send just LOG, and I'll ask one thing at a time.
purchase-customer = The customer's phone number?
    .no = All right, not that one. The customer's phone number?
    .again = That doesn't look like a phone number. Please send it like 0803 123 4567 or +234 803 123 4567:
    .again2 = I need the customer's phone number, all digits, or NEVER MIND:
purchase-add = I don't know { $customer } yet. Shall I add them with this purchase?
    .again = Shall I add { $customer } as a customer? Yes or no?
    .again2 = Please answer YES to add { $customer }, or NO for another number:
purchase-amount = How much did { $customer } spend?
    .nonsense = That can't be an amount. How much did { $customer } spend?
    .no = All right. How much did { $customer } spend?
    .again = I need an amount, like 5000, 5k or 150,000 (six bare figures could be a PIN). How much did { $customer } spend?
    .again2 = Please send just the amount, in figures, or NEVER MIND:
purchase-category = { $amount } for { $customer }. What was it for?
    .unknown = I don't know that category. What was { $amount } for?
    .again = Please pick what { $amount } was for, by its number or its name:
    .again2 = Just send the number in front of what it was for, or NEVER MIND:
purchase-other = Something else
purchase-sure = { $amount } is far more than usual. Is that right?
    .again = Is { $amount } right? Yes or no?
    .again2 = Please answer YES if { $amount } is right, or NO to type it again:
purchase-pin = { $amount } for { $customer }. Your PIN, please.
    .wrong = That PIN isn't right. { $left ->
            [one] One more try before a pause.
           *[other] { $left } more tries before a pause.
        } Your PIN, please.
    .again = Your PIN has six digits. Please send it, or NEVER MIND.
    .again2 = Just the six digits of your PIN, please, or NEVER MIND.
purchase-logged = Done: { $amount } for { $customer }, { $points ->
        [0] no points
        [one] 1 point
       *[other] { $points } points
    }{ $campaign ->
        [none] {""}
       *[other] {" "}({ $bonus } of them by { $campaign })
    }. { $waits ->
        [no] New balance: { $balance }.
       *[yes] They can be spent from { $until }; balance: { $balance }.
    }
    Wrong? Send UNDO within a minute.
purchase-undo =
    .undone = Undone. { $customer } is back to { $balance } points.
    .already = That purchase has been taken back already.
purchase-locked = Too many wrong PINs. Please wait until { $until } and try again.
purchase-disabled = You have no PIN yet. Ask the owner to set one.
purchase-own = You can't log a purchase for yourself. Ask a colleague.
purchase-refused = { $reason ->
    [own_account] You can't log a purchase for yourself. Ask a colleague.
    [blocked] This customer is blocked: nothing was logged. Ask the owner.
    [receipt_used] That receipt has been used already: nothing was logged.
   *[other] That purchase can't be logged. Ask the owner.
}
purchase-left = All right, nothing was logged.
purchase-receipt = { $business }: thank you! You spent { $amount } and earned { $points ->
        [0] no points
        [one] 1 point
       *[other] { $points } points
    }{ $campaign ->
        [none] {""}
       *[other] {" "}({ $bonus } of them thanks to { $campaign })
    }. { $waits ->
        [no] Your balance is { $balance }.
       *[yes] They can be spent from { $until }; your balance is { $balance }.
    }
purchase-first-receipt = { $business }: thank you! You spent { $amount } and earned { $points ->
        [0] no points
        [one] 1 point
       *[other] { $points } points
    }. Write to us here to see and use them. Reply STOP and we won't write to you again.
purchase-taken-back = { $business }: the last purchase was entered by mistake and has been taken back. Your balance is { $balance }.

fulfilment-label = Check a reward code
fulfilment-not-staff = Show your code at the counter: staff will check it.
fulfilment-code = The customer's code?
    .mistyped = That code looks mistyped. Please read it again:
    .unknown = I don't know that code. Please read it again:
    .again = A code looks like ABC-DEFG. Please send it, or NEVER MIND.
    .again2 = Please send the seven letters and digits of the code, or NEVER MIND.
fulfilment-pin = { $reward } for { $customer }. Your PIN, please.
    .wrong = That PIN isn't right. { $left ->
            [one] One more try before a pause.
           *[other] { $left } more tries before a pause.
        } Your PIN, please.
    .again = Your PIN has six digits. Please send it, or NEVER MIND.
    .again2 = Just the six digits of your PIN, please, or NEVER MIND.
fulfilment-fulfilled = Done: hand over { $reward } to { $customer }. { $points } points were spent.
    Wrong? Send UNDO within a minute.
fulfilment-undo =
    .undone = Undone: { $reward } stays with you, and the customer has the points back.
    .already = That has been taken back already.
fulfilment-taken-back = Your { $reward } was not handed over, and your points are back. Your balance is { $balance }.
fulfilment-expired = That code has run out. The customer has the points back and can get a new code with REDEEM.
fulfilment-used = That code has been used already.
fulfilment-own = You can't check your own reward. Ask a colleague.
fulfilment-locked = Too many wrong PINs. Please wait until { $until } and try again.
fulfilment-disabled = You have no PIN yet. Ask the owner to set one.
fulfilment-left = All right, the code has not been used.
fulfilment-receipt = Enjoy your { $reward }! { $points } points were spent, { $left } are left.

waiting-label = Who is waiting?
waiting-not-staff = Only staff can see who is waiting.
waiting-who = Waiting for a person, longest first:
    { $lines }
    Once you've written to or called somebody, choose them here.
    .again = Please pick the customer you have seen to, by number:
    { $lines }
    .again2 = Send the number of the customer you have seen to, or CANCEL:
    { $lines }
waiting-line = { $customer } ({ $phone }), since { $since }
waiting-line-asking = { $customer } ({ $phone }), since { $since }: “{ $question }”
waiting-done = { $customer } is seen to
waiting-nobody = Nobody is waiting.
waiting-seen-to = Good, that's off the list.
waiting-left = All right.

person-called = { $customer } ({ $phone }) would like to talk to somebody. Please write or call; send WAITING when it's done.
person-still-waiting = { $customer } ({ $phone }) asked for somebody at { $since } and is still waiting. Please write or call; send WAITING when it's done.
question-passed-on = { $customer } ({ $phone }) asks: “{ $question }” I had no answer. Please write or call; send WAITING when it's done.
