use super::*;

/// What is wrong with the steps of a scenario whose payer is known.
fn problems(steps: &str) -> Vec<String> {
    of_file(&format!(
        "title = \"t\"\n[[scenario]]\nsection = \"1.1\"\ntitle = \"t\"\npayer = \"447710900120\"\nsteps = [\n{steps}\n]\n"
    ))
}

fn of_file(text: &str) -> Vec<String> {
    match read(std::path::Path::new("my.toml"), text) {
        Ok(_) => Vec::new(),
        Err(problems) => problems.iter().map(ToString::to_string).collect(),
    }
}

#[test]
fn a_scenario_says_what_is_called_and_what_must_be_answered() {
    let text = "title = \"Mine\"\n[[scenario]]\nsection = \"7.1\"\ntitle = \"A part\"\n\
                payer = \"447710900180\"\nkey = \"GBR_BANGOREDIRECT\"\nsteps = [\n\
                { call = \"authorize\", gross = \"10.99\", tax = \"1.00\", expect = \"202 CLIENT_ACTION_REQUIRED\" },\n\
                { payer = \"approves\", back = \"OK\" },\n{ notified = \"OK\" },\n\
                { call = \"capture\", stub = \"504 CONNECT_TIMEOUT\", expect = \"504 CONNECT_TIMEOUT\" },\n\
                { repeat = 2 },\n]\n";
    let chapter = read(std::path::Path::new("my.toml"), text).unwrap();
    let scenario = &chapter.scenarios[0];
    assert_eq!(
        scenario.payer.as_ref().unwrap().key,
        NetworkKey::GbrBangoRedirect
    );
    let What::Call(start) = &scenario.steps[0].what else {
        panic!("{scenario:?}");
    };
    assert_eq!(start.amount.unwrap().gross.to_string(), "10.99");
    assert_eq!(
        (start.status, &start.code),
        (202, &ResponseCode::ClientActionRequired)
    );
    let What::Call(capture) = &scenario.steps[3].what else {
        panic!("{scenario:?}");
    };
    assert_eq!(capture.stub.as_ref().unwrap().status, 504);
    assert_eq!(scenario.steps[4].what, What::Repeat { times: 2 });
}

#[test]
fn each_mistake_is_named_with_its_place_and_what_was_meant() {
    for (step, expected) in [
        (
            "{ call = \"athorize\", expect = \"200 OK\" }",
            "my.toml, line 7, column 10: unknown call \"athorize\"; did you mean \"authorize\"?",
        ),
        (
            "{ call = \"authorize\", expect = \"202 DECLIND\" }",
            "my.toml, line 7, column 32: unknown responseCode \"DECLIND\"; did you mean \"DECLINED\"?",
        ),
        (
            "{ call = \"authorize\", expect = \"OK\" }",
            "my.toml, line 7, column 32: expect must be a status and a responseCode: \"200 OK\"",
        ),
        (
            "{ call = \"authorize\" }",
            "my.toml, line 7, column 1: expect is missing",
        ),
        (
            "{ call = \"authorize\", expct = \"200 OK\", expect = \"200 OK\" }",
            "my.toml, line 7, column 23: unknown key \"expct\"; did you mean \"expect\"?",
        ),
        (
            "{ call = \"authorize\", gross = \"0,99\", expect = \"200 OK\" }",
            "my.toml, line 7, column 31: gross takes a point, not a comma",
        ),
        (
            "{ call = \"capture\", expect = \"200 OK\" }",
            "my.toml, line 7, column 1: there is no authorize before it that it could be about",
        ),
        (
            "{ repeat = 1 }",
            "my.toml, line 7, column 1: there is no call before it",
        ),
        (
            "{ payer = \"approves\", back = \"OK\" }",
            "my.toml, line 7, column 1: no answer before it leads to a page",
        ),
        (
            "{ payer = \"aproves\", back = \"OK\" }",
            "my.toml, line 7, column 11: a payer does not do \"aproves\"; did you mean \"approves\"?",
        ),
        (
            "{ repeat = \"often\" }",
            "my.toml, line 7, column 12: repeat must be a number from 1 to 100",
        ),
        (
            "{ call = \"authorize\", stranger = \"yes\", expect = \"200 OK\" }",
            "my.toml, line 7, column 34: stranger must be true or false",
        ),
        (
            "{ call = \"authorize\", tax = \"0.10\", expect = \"200 OK\" }",
            "my.toml, line 7, column 29: tax needs gross beside it",
        ),
        (
            "{ call = \"status\", gross = \"0.10\", expect = \"200 OK\" }",
            "my.toml, line 7, column 20: gross does not go with status",
        ),
        (
            "{ call = \"authorize\", members = {}, expect = \"200 OK\" }",
            "my.toml, line 7, column 23: members does not go with authorize",
        ),
        (
            "{ expect = \"200 OK\" }",
            "my.toml, line 7, column 1: a step is one of call, repeat, payer and notified",
        ),
        (
            "7",
            "my.toml, line 7, column 1: a step is a table: { call = \"authorize\", … }",
        ),
    ] {
        assert_eq!(problems(step), [expected], "{step}");
    }
}

/// A key that does nothing would let its author believe in it.
#[test]
fn a_key_of_another_kind_of_step_is_none_of_this() {
    let before = "{ call = \"authorize\", expect = \"202 CLIENT_ACTION_REQUIRED\" },\n";
    for (step, expected) in [
        (
            "{ payer = \"approves\", number = \"447710900120\", back = \"OK\" }",
            "my.toml, line 8, column 23: number does not go with approves",
        ),
        (
            "{ notified = \"OK\", back = \"OK\" }",
            "my.toml, line 8, column 20: back does not go with notified",
        ),
        (
            "{ repeat = 1, expect = \"200 OK\" }",
            "my.toml, line 8, column 15: expect does not go with repeat",
        ),
    ] {
        assert_eq!(problems(&format!("{before}{step}")), [expected], "{step}");
    }
}

#[test]
fn a_file_that_is_none_is_named_too() {
    for (text, expected) in [
        ("", "my.toml, line 1, column 1: title is missing"),
        (
            "title = \"t\"\nscenario = 7\n",
            "my.toml, line 2, column 12: a scenario begins with [[scenario]]",
        ),
        ("title = \n", "my.toml, line 1, column "),
        (
            "title = \"t\"\n[[scenario]]\nsection = \"1\"\ntitle = \"t\"\npayer = \"12\"\nsteps = [{ notified = \"OK\" }]\n",
            "my.toml, line 5, column 9: payer needs 8 to 15 digits",
        ),
        (
            "title = \"t\"\n[[scenario]]\nsection = \"1\"\ntitle = \"t\"\npayer = \"447710900120\"\nsteps = []\n",
            "my.toml, line 6, column 9: there is no step",
        ),
    ] {
        let said = of_file(text);
        assert!(said[0].starts_with(expected), "{text:?}: {said:?}");
    }
}
