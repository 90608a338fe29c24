# What customers hear about what is known of them.

profile-label = My details
profile-what = This is what I know of you:
    Name: { $called }
    Email: { $email }
    Company: { $company }
    A person reaches you by: { $contact }
    What shall I change?
    .again = Please pick what to change, by its number:
    .again2 = Just send the number in front of it, or NEVER MIND:
profile-unknown = not known
profile-change-called = My name
profile-change-email = My email
profile-change-company = My company
profile-change-contact = How a person reaches me
profile-called = What shall I call you?
    .again = Just your name, please:
    .again2 = Please send your name, or NEVER MIND:
profile-email = Your email address?
    .no_address = That doesn't look like an email address. It should be like ada@example.com:
    .again = I need an email address, like ada@example.com:
    .again2 = Please send just your email address, or NEVER MIND:
profile-company = Which company are you with?
    .again = Just the company's name, please:
    .again2 = Please send the company's name, or NEVER MIND:
profile-contact = How would you rather be reached by a person?
    .again = Please pick one of these:
    .again2 = Just send the number in front of it, or NEVER MIND:
profile-by-email = Email
profile-by-phone = Phone
profile-by-both = Email or phone
profile-kept = Thank you, I've noted that.
profile-left = All right, nothing has changed.
