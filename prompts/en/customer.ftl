# What customers hear: joining, points, rewards, questions.

menu-label = Menu
menu-customer = { $business } here. What would you like? You can also just ask me a question.
menu-customer-voice = Welcome to { $business }. You can ask me a question, or choose.
menu-staff = Hello { $name }. Log a purchase step by step, or in one line:
    log 0803 123 4567 5000 PIN
    To check a reward, send the customer's code.
menu-more-label = More…
menu-more = That's what there is besides:
menu-staff-voice = Hello { $name }. What would you like to do?

join-label = Join
join-joined = Welcome to { $business }! You're now a member: you earn points when you buy, and I keep count. Send POINTS, BOOK or MENU, or ask me anything.
    We'll write to you about your points, bookings and offers. Reply STOP at any time and we won't.
    .brought = Welcome to { $business }! You're now a member, brought by { $friend }: you earn points when you buy, and I keep count. Send POINTS, BOOK or MENU, or ask me anything.
    We'll write to you about your points, bookings and offers. Reply STOP at any time and we won't.
    .unknown_code = Welcome to { $business }! You're now a member: you earn points when you buy, and I keep count. I don't know your friend's code, though. Send POINTS, BOOK or MENU, or ask me anything.
    We'll write to you about your points, bookings and offers. Reply STOP at any time and we won't.
join-consent = We'll write to you about your points, bookings and offers at { $business }. Reply STOP at any time and we won't.
join-already = You're already a member of { $business }. Send POINTS to see your balance, or MENU.
    .already_here = You're already a member of { $business }, and a friend's code is for people who are new. Send MY CODE for your own.
join-staff = You work at { $business }, so I've got you as staff. Send MENU to see what you can do.

points-label = My points
points-shown = { $lines }
points-balance = { $points ->
    [0] You have no points yet.
    [one] You have 1 point.
   *[other] You have { $points } points.
}
points-pending = { $pending } more are on their way: they can be spent once the time for returns is over, the first on { $until }.
points-debt = { $debt ->
    [one] 1 point is
   *[other] { $debt } points are
} owed: the purchase they came from went back after they were spent. Your next points pay for that first.
points-held = { $held } more are held for a reward you're collecting: send MY REWARD for its code, or to give it back.
points-next = Next reward: { $next }, { $missing } to go.
points-expiring = { $expiring ->
    [one] 1 point expires
   *[other] { $expiring } points expire
} on { $expires }{ $more ->
    [0] .
   *[other] , and { $more } more soon after.
}
points-enough = You can have a reward now: send REDEEM.
points-not-a-member-voice = You're not a member of { $business } yet. Send us a message and you are.
points-not-a-member = You're not a member of { $business } yet. Send JOIN and you are.

history-label = My history
history-shown = Your latest points:
    { $lines }
history-line = { $date }: { $points } { $kind ->
    [earned] earned
    [redeemed] spent on a reward
    [expired] expired
    [adjusted] adjusted by the shop
    [reversed] taken back
   *[other] { $kind }
}
history-empty = Nothing here yet: your first purchase will be the first line.

redemption-label = Redeem a reward
redemption-choice = { $reward } ({ $points } points)
redemption-choice-lowered = { $reward } ({ $points } instead of { $usual } points)
redemption-reward = You have { $points } points. Which reward would you like?
    .again = Please pick one of these rewards, by its number or its name.{ $next ->
        [none] {""}
       *[other] {" "}{ $next } needs { $missing } more points.
    }
    .again2 = Just send the number in front of the reward you'd like, or NEVER MIND:
redemption-issued = { $reward } is yours. Show this code at the counter before { $until }:
    { $code }
    .replaced = { $reward } is yours, with a new code; the one you had counts no more. Show this one before { $until }:
    { $code }
redemption-gone = That reward can't be had just now. Send REDEEM to see what can.
redemption-not-yet = You have { $points } points. { $next } needs { $missing } more.
redemption-nothing-offered = { $business } has no rewards on offer just now.
redemption-not-a-member-voice = You're not a member of { $business } yet. Send us a message and you are.
redemption-not-a-member = You're not a member of { $business } yet. Send JOIN and you are.

held-reward-label = My reward's code
held-reward-what = Kept for you at the counter:
    { $lines }
    .again = Please pick what I shall do, by its number:
    .again2 = Just the number of what I shall do, or NEVER MIND:
held-reward-line = { $reward } ({ $points } points), until { $until }
held-reward-again = A new code: { $reward }
held-reward-back = Give it back: { $reward }
held-reward-issued = { $reward } is yours, with a new code; the one you had counts no more. Show this one before { $until }:
    { $code }
held-reward-given-back = Done: { $reward } is given back, and its { $points } points are yours again. You have { $balance } points.
held-reward-too-late = That reward isn't kept any more. Send POINTS to see your balance, or REDEEM.
held-reward-none = No reward is being kept for you just now. Send REDEEM to get one; for the code that brings friends, send MY CODE.
held-reward-left = All right, it stays as it is.

question-label = A question
question-answered = { $answer }
question-meant = Did you mean one of these?
    .again = Please pick one, by its number:
    .again2 = Send the number of the question you meant, or NEVER MIND:
question-neither = None of these
question-unknown-to-staff = I don't know that one. Send MENU to see what you can do here.
question-unknown = I don't know that one. I've passed your question on to the team at { $business }, and somebody will get back to you.

person-label = Talk to a person
person-waiting = I've told the team at { $business } that you'd like to talk to somebody. They'll write to you here; you can also call { $phone }.
    .already_waiting = The team at { $business } knows that you're waiting. You can also call { $phone }.
person-staff = You're one of the team yourself. Customers who ask for a person are waiting for you.

opt-out-label = Stop
opt-out-stopped = Done: { $business } won't write to you any more. Send START if you change your mind.
opt-in-label = Start
opt-in-started = Welcome back! { $business } may write to you again. Send STOP at any time.

attachment-label = A picture or file
attachment-kept = Thank you, the team at { $business } can see that. I can only read words, though: please write what it's about, or ask for a PERSON.
