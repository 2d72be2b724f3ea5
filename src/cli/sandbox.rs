//! `bango sandbox`: serves the sandbox until it is told to stop, or while a command runs.

mod beside;

use std::ffi::OsString;
use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process;

use clap::Args;
use tokio::runtime::Runtime;
use tokio::signal::unix::{SignalKind, signal};

use super::Exit;
use super::narration::tell;
use crate::config::{Environment, Folders};
use crate::sandbox::{self, Config, Credentials, Database, Listen, Sandbox};

const ABOUT: &str = "\
Serve a sandbox of the API on this machine

Any program can use it as it would use Bango's own. The base URL is printed on stdout; the \
credentials are sandbox / sandbox unless BANGO_SANDBOX_USERNAME and BANGO_SANDBOX_PASSWORD say \
otherwise. It keeps what it knows and goes on where it stopped. Ctrl-c ends it.

With a COMMAND it serves for as long as that runs, on a free port, keeps nothing, and ends as the \
COMMAND did. The COMMAND finds BANGO_BASE_URL, BANGO_USERNAME and BANGO_PASSWORD in its environment.";

/// What a process ends with when ctrl-c does not let it finish.
const INTERRUPTED: i32 = 130;

#[derive(Debug, Args)]
#[command(about = "Serve a sandbox of the API on this machine", long_about = ABOUT)]
pub struct Arguments {
    /// Listen here and nowhere else; port 0 takes a free one [default: 127.0.0.1:2646, or another
    /// port of 127.0.0.1 where that is taken]
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<SocketAddr>,

    /// Keep everything in this file; :memory: forgets it at the end [default: sandbox.db in the
    /// data folder, which the console uses, too]
    #[arg(long, value_name = "FILE")]
    database: Option<PathBuf>,

    /// Give the same ids and page addresses for the same requests; a database in use keeps the seed
    /// that it has
    #[arg(long, value_name = "NUMBER")]
    seed: Option<u64>,

    /// Post notifications to this host, too; unasked they go to this machine only, others are held
    /// (can be given several times)
    #[arg(long = "notify-host", value_name = "HOST")]
    notify_hosts: Vec<String>,

    /// Run this with a sandbox of its own, for example: bango sandbox -- npm test
    #[arg(last = true, value_name = "COMMAND")]
    command: Vec<OsString>,
}

fn database(path: &Path) -> Database {
    if path.as_os_str() == ":memory:" {
        Database::Memory
    } else {
        Database::File(path.to_owned())
    }
}

pub fn run(arguments: &Arguments) -> Exit {
    let environment = Environment::of_this_process();
    let config = match config(arguments, &environment) {
        Ok(config) => config,
        Err(error) => return refuse(&error),
    };
    let runtime = match Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => {
            tell(&format!("bango: could not start its threads: {error}"));
            return Exit::Bug;
        }
    };
    if let [program, rest @ ..] = arguments.command.as_slice() {
        let command = beside::command(program, rest, names(&environment));
        runtime.block_on(beside::run(config, command))
    } else {
        runtime.block_on(serve(config))
    }
}

/// With a command the sandbox is in nobody's way and leaves nothing behind, unless it is told otherwise.
fn config(arguments: &Arguments, environment: &Environment) -> Result<Config, String> {
    let beside = !arguments.command.is_empty();
    let listen = match arguments.listen {
        Some(address) => Listen::Exact(address),
        None if beside => Listen::Exact(([127, 0, 0, 1], 0).into()),
        None => Listen::Usual,
    };
    let database = match &arguments.database {
        Some(path) => database(path),
        None if beside => Database::Memory,
        None => {
            let folders = Folders::find(environment).map_err(|error| error.to_string())?;
            folders.prepare().map_err(|error| error.to_string())?;
            Database::File(folders.data.join("sandbox.db"))
        }
    };
    let [username, password] = names(environment);
    Ok(Config {
        listen,
        seed: arguments.seed,
        credentials: Credentials::new(&username, &password),
        notify_hosts: arguments.notify_hosts.clone(),
        ..Config::new(database)
    })
}

/// User name and password.
fn names(environment: &Environment) -> [String; 2] {
    ["BANGO_SANDBOX_USERNAME", "BANGO_SANDBOX_PASSWORD"]
        .map(|name| environment.text(name).unwrap_or("sandbox".to_owned()))
}

async fn serve(config: Config) -> Exit {
    let (listen, database) = (config.listen, config.database.clone());
    // Before anything is there that an early signal could leave half done.
    let signals = (
        signal(SignalKind::interrupt()),
        signal(SignalKind::terminate()),
    );
    let (Ok(mut interrupt), Ok(mut terminate)) = signals else {
        tell("bango: could not listen to signals");
        return Exit::Bug;
    };
    let sandbox = match sandbox::start(config).await {
        Ok(sandbox) => sandbox,
        Err(error) => return refuse(&format!("could not start the sandbox: {error}")),
    };
    announce(&sandbox, listen, &database);
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
    tokio::select! {
        () = sandbox.stop() => Exit::Done,
        // Whoever presses it twice does not want to wait.
        _ = interrupt.recv() => process::exit(INTERRUPTED),
    }
}

fn announce(sandbox: &Sandbox, listen: Listen, database: &Database) {
    // Nobody may be reading it: then nobody misses it.
    let _ = writeln!(io::stdout(), "listening on {}", sandbox.base_url());
    let _ = io::stdout().flush();
    match database {
        Database::Memory => tell("nothing is kept: the database is in memory"),
        Database::File(path) => tell(&format!("everything is kept in {}", path.display())),
    }
    warn(sandbox, listen);
}

/// Says what might not be expected of the address.
fn warn(sandbox: &Sandbox, listen: Listen) {
    match listen {
        Listen::Exact(address) if !address.ip().is_loopback() => tell(&format!(
            "warning: {address} can be reached from other machines, and so can the sandbox"
        )),
        Listen::Usual if sandbox.address().port() != sandbox::PORT => tell(&format!(
            "port {} is taken, so this is another; --listen names one",
            sandbox::PORT
        )),
        _ => {}
    }
}

fn refuse(sentence: &str) -> Exit {
    tell(&format!("bango: {sentence}"));
    Exit::Usage
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config_of(variables: [(&str, &str); 1]) -> Config {
        let arguments = Arguments {
            listen: None,
            database: None,
            seed: Some(7),
            notify_hosts: vec!["shop.example".to_owned()],
            command: Vec::new(),
        };
        config(&arguments, &Environment::from(variables)).unwrap()
    }

    #[test]
    fn without_a_database_the_data_folder_has_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("bango");
        let config = config_of([("HOME", path.to_str().unwrap())]);
        let expected = path.join(".local/share/bango/sandbox.db");
        assert_eq!(config.database, Database::File(expected));
        assert_eq!((config.listen, config.seed), (Listen::Usual, Some(7)));
    }

    #[test]
    fn memory_is_said_explicitly() {
        assert_eq!(database(":memory:".as_ref()), Database::Memory);
        assert_eq!(database("memory".as_ref()), Database::File("memory".into()));
    }
}
