//! Secrets of a profile, planted and searched for wherever the console leaves something: its files, the
//! terminal with clipboard and title, and the programs that it starts.
//!
//! The control plays the same on an API that repeats every header in its body, which is kept byte for byte:
//! there every secret is found.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::thread;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

use crate::pty::{Home, Seat};

const COOKIE: &str = "canary-cookie-5521";
const HEADER: &str = "canary-header-8174";
const PROXY: &str = "canary-proxy-3907";

/// Where the password comes from.
#[derive(Clone, Copy, Debug)]
enum From {
    File,
    Command,
    Variable,
}

impl From {
    const ALL: [Self; 3] = [Self::File, Self::Command, Self::Variable];

    const fn password(self) -> &'static str {
        match self {
            Self::File => "canary-file-6612",
            Self::Command => "canary-command-2049",
            Self::Variable => "canary-variable-7733",
        }
    }
}

/// A proxy that answers for the API itself: OK to everything, with secrets in its headers.
fn api(repeats: bool) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for client in listener.incoming().flatten() {
            thread::spawn(move || answer(client, repeats));
        }
    });
    address
}

fn answer(client: TcpStream, repeats: bool) {
    let mut reader = BufReader::new(client);
    let (mut asked, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).is_err() || line.trim().is_empty() {
            break;
        }
        let lower = line.to_ascii_lowercase();
        if let Some(value) = lower.strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
        asked.push_str(line.trim());
        asked.push(' ');
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    let repeated = if repeats {
        format!("{} {COOKIE} {HEADER}", credentials(&asked))
    } else {
        String::new()
    };
    let told = serde_json::json!({
        "responseCode": "OK",
        "responseMessage": repeated,
        "transactionId": "2006721250",
        "bangoUserId": "472156480",
    });
    let told = told.to_string();
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nSet-Cookie: session={COOKIE}\r\n\
         X-Api-Key: {HEADER}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        told.len()
    );
    let mut client = reader.into_inner();
    let _ = client.write_all(head.as_bytes());
    let _ = client.write_all(told.as_bytes());
}

/// The user names and passwords that stand in these headers, readable.
fn credentials(heard: &str) -> String {
    let words = heard.split(' ').filter_map(|word| {
        let bytes = BASE64_STANDARD.decode(word).ok()?;
        String::from_utf8(bytes).ok()
    });
    words.collect::<Vec<_>>().join(" ")
}

fn private(path: &Path, text: &str) {
    fs::write(path, text).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).unwrap();
}

/// A home with a profile whose every secret is planted.
fn planted(from: From, api: SocketAddr) -> Home {
    let home = Home::new();
    let config = home.path().join("config");
    fs::create_dir_all(&config).unwrap();
    let password = match from {
        From::File => {
            let path = config.join("secret.toml");
            let text = format!("username = \"kim\"\npassword = \"{}\"\n", from.password());
            private(&path, &text);
            format!("credentials_file = '{}'", path.display())
        }
        From::Command => {
            // Put together, so that it does not stand in the configuration.
            let (one, two) = from.password().split_at(9);
            format!("password_command = [\"printf\", \"%s%s\", \"{one}\", \"{two}\"]")
        }
        From::Variable => String::new(),
    };
    let clipboard = "env > \\\"$HOME/child-variables\\\"; cat >> \\\"$HOME/child-input\\\"";
    private(
        &config.join("config.toml"),
        &format!(
            "clipboard = [\"sh\", \"-c\", \"{clipboard}\"]\n\
             [profile.shop]\nkind = \"test\"\nbase_url = \"http://{api}/v5\"\nusername = \"kim\"\n{password}\n\
             proxy = \"http://kim:{PROXY}@{api}\"\nsecret_headers = [\"X-Api-Key\"]\n"
        ),
    );
    home
}

/// Pays, looks at everything, copies everything and writes everything to files.
fn play(home: &Home, from: From) -> Seat {
    let mut bango = home.bango();
    bango.args(["--profile", "shop"]);
    bango.cwd(home.path());
    bango.env("PATH", std::env::var("PATH").unwrap());
    if matches!(from, From::Variable) {
        bango.env("BANGO_PASSWORD", from.password());
    }
    let seat = Seat::run(bango);
    seat.wait_for("test shop");
    seat.keys("+").wait_for("Who pays?");
    seat.keys("<enter>").wait_for("Identify a payer");
    seat.keys("<ctrl+p>").wait_for("Exactly this will be sent");
    seat.keys("y").wait_for("handed to sh");
    seat.keys("<enter>").wait_for("472156480");
    seat.keys("aa").wait_for("Authorize a payment");
    seat.keys("<enter>").wait_for("authorized 10.00 USD");
    seat.keys("2ac").wait_for("Capture");
    seat.keys("<enter>").wait_for("captured 10.00 USD");
    for tab in [
        "3", "<left>", "<left>", "<left>", "<left>", "<left>", "<left>",
    ] {
        seat.keys(tab);
    }
    seat.keys("2");
    for letter in ["c", "t", "h", "d", "r", "w"] {
        seat.keys("y").wait_for("┏ Copy");
        seat.keys(letter).wait_until_gone("┏ Copy");
    }
    for (letter, ending) in [
        ("h", ".har"),
        ("c", ".sh"),
        ("r", ".http"),
        ("m", ".md"),
        ("b", ".bango"),
    ] {
        seat.keys("E").wait_for("Share");
        seat.keys(letter).wait_for(&format!("{ending} ("));
    }
    seat
}

/// The forms in which a secret may stand somewhere.
fn forms(secret: &str) -> Vec<Vec<u8>> {
    let basic = BASE64_STANDARD.encode(format!("kim:{secret}"));
    [secret.to_owned(), basic, secret.replace('-', "%2D")]
        .map(String::into_bytes)
        .to_vec()
}

/// The places where a secret is found.
fn found(secret: &str, places: &[(String, Vec<u8>)]) -> Vec<String> {
    let holds = |bytes: &[u8]| {
        let forms = forms(secret);
        forms
            .iter()
            .any(|form| bytes.windows(form.len()).any(|window| window == form))
    };
    let with = places.iter().filter(|(_, bytes)| holds(bytes));
    with.map(|(name, _)| name.clone()).collect()
}

/// Every file that the console, or a program of its, has left: not those that it was given.
fn files(folder: &Path, into: &mut Vec<(String, Vec<u8>)>) {
    for file in fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        if path.is_dir() {
            files(&path, into);
        } else if !path.ends_with("config.toml") && !path.ends_with("secret.toml") {
            into.push((path.display().to_string(), fs::read(&path).unwrap()));
        }
    }
}

/// Plays, and answers all that can be searched afterwards.
fn places(from: From, repeats: bool) -> Vec<(String, Vec<u8>)> {
    let home = planted(from, api(repeats));
    let seat = play(&home, from);
    let mut places = Vec::new();
    if cfg!(target_os = "linux") {
        for (pid, arguments) in seat.arguments() {
            places.push((format!("arguments of {pid}"), arguments));
        }
    }
    seat.keys("Q");
    seat.end();
    // Clipboard and title are sequences in it.
    places.push(("terminal".to_owned(), seat.raw()));
    files(home.path(), &mut places);
    places
}

#[test]
fn no_secret_of_a_profile_is_left_anywhere() {
    for from in From::ALL {
        let places = places(from, false);
        for needed in [
            "journal-shop.db",
            "child-variables",
            "child-input",
            ".har",
            ".sh",
            ".http",
            ".md",
            ".bango",
            "terminal",
        ] {
            assert!(
                places
                    .iter()
                    .any(|(name, bytes)| name.contains(needed) && !bytes.is_empty()),
                "{needed}"
            );
        }
        for secret in [from.password(), COOKIE, HEADER, PROXY] {
            assert_eq!(
                found(secret, &places),
                Vec::<String>::new(),
                "{from:?}: {secret}"
            );
        }
    }
}

/// What an API repeats in its body is no secret to the console: the search finds it everywhere.
#[test]
fn control_what_is_repeated_in_a_body_is_found() {
    for from in From::ALL {
        let places = places(from, true);
        for secret in [from.password(), COOKIE, HEADER, PROXY] {
            let found = found(secret, &places);
            for place in [
                "journal-shop.db",
                "child-input",
                ".har",
                ".http",
                ".md",
                ".bango",
            ] {
                assert!(
                    found.iter().any(|name| name.contains(place)),
                    "{from:?}: {secret} in {place}: {found:?}"
                );
            }
        }
    }
}
