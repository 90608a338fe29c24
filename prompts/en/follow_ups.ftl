# What staff hear when they get back to customers, and of what came of it.

follow-ups-label = Follow-ups
follow-ups-not-staff = Only staff can see follow-ups.
follow-ups-which = To be followed up, the longest due first:
    .again = Please pick one, by its number or the customer's name:
    .again2 = Just send the number in front of it, or NEVER MIND:
follow-ups-kind = { $kind ->
    [email] Write to
    [phone_call] Call
    [proposal_send] Send a proposal to
    [contract_discussion] Discuss the contract with
    [project_kickoff] Kick off with
    [upsell] Suggest more to
    [feedback_request] Ask for feedback from
   *[other] Check in with
    }
follow-ups-line = { follow-ups-kind } { $customer } ({ $phone }) after { $service }, { $state ->
        [overdue] overdue since { $day }
       *[other] by { $day }
    } – { $staff }
follow-ups-deed = { follow-ups-kind } { $customer } ({ $phone }) after { $service }:
    .again = Done, later, a project or given up? Please pick one:
    .again2 = Just send the number in front of it, or NEVER MIND:
follow-ups-do-done = Done
follow-ups-do-later = Later
follow-ups-do-project = It becomes a project
follow-ups-do-given-up = Give up
follow-ups-until = When shall I bring it up again?
    .past = That day is over. Which day?
    .again = Which day? You can say TOMORROW, FRIDAY or a date like 28 November.
    .again2 = Send the number of one of these days, or NEVER MIND:
follow-ups-outcome = What came of it? A few words, or choose:
    .again = A few words on what came of it, or choose:
    .again2 = Send what came of it in one message, or NEVER MIND:
follow-ups-nothing-to-add = Nothing to add
follow-ups-value = What may the project come to? An amount, or choose:
    .again = I need an amount, like 15,000 or 15k, or choose:
    .again2 = Please send just the amount, or NEVER MIND:
follow-ups-value-unknown = Not known yet
follow-ups-project-name = { $service } for { $customer }
follow-ups-nothing = Nothing to follow up. Well done!
follow-ups-done = Done: { $customer } is followed up.
follow-ups-later = All right, I'll bring up { $customer } again on { $until }.
follow-ups-given-up = All right, { $customer } is given up.
follow-ups-opened = Opened: “{ $project }”, qualified{ $valued ->
        [yes] , { $worth }
       *[other] { "" }
    }. Send PROJECTS to take it further.
follow-ups-gone = Somebody has seen to that already.
follow-ups-left = All right, it stays on the list.
follow-ups-overdue = { $count ->
        [one] A follow-up is overdue. Send FOLLOW UPS to see it.
       *[other] { $count } follow-ups are overdue. Send FOLLOW UPS to see them.
    }

projects-label = Projects
projects-not-staff = Only staff can see projects.
projects-stage-name = { $stage ->
    [lead] Lead
    [qualified] Qualified
    [proposal_sent] Proposal sent
    [negotiation] In negotiation
    [signed] Signed
    [in_progress] In progress
    [completed] Completed
   *[other] Cancelled
    }
projects-which = These projects are under way. Which one?
    .again = Please pick one, by its number or its name:
    .again2 = Just send the number in front of it, or NEVER MIND:
projects-line = { $project } ({ $customer }): { $was ->
        [lead] lead
        [qualified] qualified
        [proposal_sent] proposal sent
        [negotiation] in negotiation
        [signed] signed
       *[other] in progress
    }{ $valued ->
        [yes] , { $worth }
       *[other] { "" }
    }
projects-stage = “{ $project }” for { $customer } is now:
    .again = How far has “{ $project }” got? Please pick one:
    .again2 = Just send the number in front of it, or NEVER MIND:
projects-value = What did “{ $project }” come to in the end? An amount, or choose:
    .again = I need an amount, like 15,000 or 15k, or choose:
    .again2 = Please send just the amount, or NEVER MIND:
projects-as-estimated = As estimated
projects-advanced = Noted: “{ $project }” is { $becomes ->
        [qualified] qualified
        [proposal_sent] at the proposal
        [negotiation] in negotiation
        [signed] signed
        [in_progress] in progress
        [completed] completed
       *[other] cancelled
    }.
projects-nothing = No project is under way. One is opened from a follow-up: send FOLLOW UPS.
projects-gone = That project has gone further already.
projects-left = All right, nothing has changed.
