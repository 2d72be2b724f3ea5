//! Whom the client trusts, what it says where it does not, and that nothing left then.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};

use bango_console::api::Call;
use bango_console::exchange::{CallId, NotSent, Outcome};
use bango_console::wire::client::{Client, Credentials, Peer, Proxy, Timeouts, Trust, Way};
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    date_time_ymd,
};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs::default_provider;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::server::{ClientHello, ResolvesServerCert};
use tokio_rustls::rustls::sign::CertifiedKey;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

const HOST: &str = "127.0.0.1";
const ANSWER: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\
    Content-Length: 21\r\n\r\n{\"responseCode\":\"OK\"}";

/// A CA of nobody else's.
pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pub pem: String,
}

impl Authority {
    pub fn new(name: &str) -> Self {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let pem = params.self_signed(&key).unwrap().pem();
        Self {
            issuer: Issuer::new(params, key),
            pem,
        }
    }

    /// A certificate for this machine, but for what `change` makes of it.
    pub fn certify(&self, change: impl FnOnce(&mut CertificateParams)) -> Identity {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(vec![HOST.to_owned()]).unwrap();
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        change(&mut params);
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        Identity {
            certificate: certificate.der().to_vec(),
            key: key.serialize_der(),
        }
    }
}

/// What a server shows, and the key that it has for it.
pub struct Identity {
    certificate: Vec<u8>,
    key: Vec<u8>,
}

impl Identity {
    pub fn acceptor(self) -> TlsAcceptor {
        let key = PrivateKeyDer::try_from(self.key).unwrap();
        let provider = default_provider();
        let key = provider.key_provider.load_private_key(key).unwrap();
        let shown = Shown(Arc::new(CertifiedKey::new(
            vec![CertificateDer::from(self.certificate)],
            key,
        )));
        let config = ServerConfig::builder_with_provider(Arc::new(provider))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_cert_resolver(Arc::new(shown));
        TlsAcceptor::from(Arc::new(config))
    }
}

/// Shows its certificate whatever is wrong with it.
#[derive(Debug)]
struct Shown(Arc<CertifiedKey>);

impl ResolvesServerCert for Shown {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.0.clone())
    }
}

/// How a server begins.
enum Greeting {
    Tls(TlsAcceptor),
    /// These bytes, whatever it is told.
    Bytes(&'static [u8]),
}

/// A server that answers everything and remembers what it could read.
struct Server {
    address: SocketAddr,
    read: Arc<Mutex<Vec<u8>>>,
}

impl Server {
    async fn start(greeting: Greeting) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let read = Arc::<Mutex<Vec<u8>>>::default();
        let into = read.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                serve(stream, &greeting, &into).await;
            }
        });
        Self { address, read }
    }

    fn read(&self) -> String {
        String::from_utf8_lossy(&self.read.lock().unwrap()).into_owned()
    }
}

async fn serve(mut stream: TcpStream, greeting: &Greeting, read: &Mutex<Vec<u8>>) {
    let acceptor = match greeting {
        Greeting::Bytes(bytes) => {
            let mut hello = [0; 4096];
            let _ = stream.read(&mut hello).await;
            let _ = stream.write_all(bytes).await;
            return;
        }
        Greeting::Tls(acceptor) => acceptor,
    };
    let Ok(mut stream) = acceptor.accept(stream).await else {
        return;
    };
    let mut bytes = [0; 4096];
    if let Ok(count) = stream.read(&mut bytes).await {
        read.lock().unwrap().extend_from_slice(&bytes[..count]);
        let _ = stream.write_all(ANSWER).await;
        let _ = stream.shutdown().await;
    }
}

async fn call(server: &Server, way: Way) -> Outcome {
    let credentials = Credentials {
        username: "kim".into(),
        password: "canary-51".into(),
    };
    let base = format!("https://{}/v5", server.address);
    let timeouts = Timeouts::default();
    let client = Client::over(&base, credentials, Peer::Remote, &way, timeouts).unwrap();
    let call = Call::retrieve(&"2006721250".into());
    let id = CallId(Uuid::from_u128(7));
    client.send(&call, id, CancellationToken::new()).await
}

fn trusting(authority: &Authority) -> Way {
    Way {
        proxy: Proxy::None,
        trust: Trust::SystemAnd(authority.pem.clone().into_bytes()),
        ..Way::default()
    }
}

#[tokio::test]
async fn a_server_whose_ca_the_user_named_is_trusted_and_told_no_call_id() {
    let authority = Authority::new("ours");
    let acceptor = authority.certify(|_| {}).acceptor();
    let server = Server::start(Greeting::Tls(acceptor)).await;
    let outcome = call(&server, trusting(&authority)).await;
    let Outcome::Answered { response, phases } = outcome else {
        panic!("{outcome:?}");
    };
    assert_eq!(response.status, 200);
    assert!(phases.connect.is_some());
    let read = server.read();
    assert!(
        read.starts_with("GET /v5/transaction/2006721250 HTTP/1.1"),
        "{read}"
    );
    assert!(
        read.to_ascii_lowercase().contains("authorization: basic "),
        "{read}"
    );
    assert!(
        !read.to_ascii_lowercase().contains("bango-console-call"),
        "{read}"
    );
}

/// What is wrong with a server, and what the sentence about it has to say.
fn faults(authority: &Authority) -> Vec<(Greeting, &'static str)> {
    let tls = |identity: Identity| Greeting::Tls(identity.acceptor());
    let changed = |change: fn(&mut CertificateParams)| tls(authority.certify(change));
    let altered = |alter: fn(&mut Vec<u8>)| {
        let mut identity = authority.certify(|_| {});
        alter(&mut identity.certificate);
        tls(identity)
    };
    vec![
        (
            changed(|params| params.not_after = date_time_ymd(2020, 2, 3)),
            "was valid until 2020-02-03 00:00 UTC",
        ),
        (
            changed(|params| params.not_before = date_time_ymd(2900, 4, 5)),
            "is not valid before 2900-04-05 00:00 UTC",
        ),
        (
            changed(|params| {
                let other = CertificateParams::new(vec!["other.example".to_owned()]).unwrap();
                params.subject_alt_names = other.subject_alt_names;
            }),
            "is for other.example",
        ),
        (
            changed(|params| {
                params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
            }),
            "is not made for servers",
        ),
        (
            changed(|params| params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained)),
            "is that of a CA, not of a server",
        ),
        (
            tls(Authority::new("another").certify(|_| {})),
            "is signed by nobody who is trusted here",
        ),
        (
            altered(|certificate| *certificate.last_mut().unwrap() ^= 1),
            "has a signature that does not fit",
        ),
        (
            altered(|certificate| *certificate = b"not a certificate".to_vec()),
            "cannot be read",
        ),
        (Greeting::Bytes(ANSWER), "does not speak TLS at this port"),
        (
            Greeting::Bytes(b"\x15\x03\x01\x00\x02\x02\x46"),
            "speaks no version of TLS that is safe",
        ),
        (
            Greeting::Bytes(b"\x15\x03\x03\x00\x02\x02\x28"),
            "refused the handshake",
        ),
    ]
}

#[tokio::test]
async fn each_fault_has_a_sentence_of_its_own_and_nothing_is_sent() {
    let authority = Authority::new("ours");
    let mut said = Vec::new();
    for (greeting, expected) in faults(&authority) {
        let server = Server::start(greeting).await;
        let outcome = call(&server, trusting(&authority)).await;
        let Outcome::NotSent {
            why: NotSent::Tls { error },
        } = outcome
        else {
            panic!("{expected}: {outcome:?}");
        };
        assert!(error.contains(expected), "{expected}: {error}");
        assert!(error.contains(HOST), "{error}");
        assert_eq!(server.read(), "", "{expected}");
        said.push(error);
    }
    let count = said.len();
    said.sort();
    said.dedup();
    assert_eq!(said.len(), count);
    assert!(count >= 10);
}

#[tokio::test]
async fn without_the_users_ca_nobody_trusts_it() {
    let authority = Authority::new("ours");
    let acceptor = authority.certify(|_| {}).acceptor();
    let server = Server::start(Greeting::Tls(acceptor)).await;
    let other = Authority::new("another");
    let outcome = call(&server, trusting(&other)).await;
    assert!(
        matches!(
            outcome,
            Outcome::NotSent {
                why: NotSent::Tls { .. }
            }
        ),
        "{outcome:?}"
    );
    assert_eq!(server.read(), "");
}

#[test]
fn a_ca_that_cannot_be_read_is_named() {
    for pem in [
        "",
        "nonsense",
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
    ] {
        let way = Way {
            trust: Trust::SystemAnd(pem.as_bytes().to_vec()),
            ..Way::default()
        };
        let credentials = Credentials {
            username: "kim".into(),
            password: "canary-51".into(),
        };
        let refused = Client::over(
            "https://127.0.0.1/v5",
            credentials,
            Peer::Remote,
            &way,
            Timeouts::default(),
        );
        let words = refused.unwrap_err().to_string();
        assert!(words.contains("CA"), "{pem}: {words}");
    }
}

#[tokio::test]
async fn a_stub_header_never_leaves_where_none_may() {
    let authority = Authority::new("ours");
    let acceptor = authority.certify(|_| {}).acceptor();
    let server = Server::start(Greeting::Tls(acceptor)).await;
    let way = Way {
        stubs: false,
        ..trusting(&authority)
    };
    let credentials = Credentials {
        username: "kim".into(),
        password: "canary-51".into(),
    };
    let base = format!("https://{}/v5", server.address);
    let client = Client::over(&base, credentials, Peer::Remote, &way, Timeouts::default()).unwrap();
    let stub = bango_console::api::Stub {
        status: 202,
        code: bango_console::api::ResponseCode::Declined,
        action: None,
    };
    let call = Call::retrieve(&"2006721250".into()).answered_by(Some(stub));
    let id = CallId(Uuid::from_u128(7));
    let outcome = client.send(&call, id, CancellationToken::new()).await;
    assert!(
        matches!(&outcome, Outcome::NotSent { why: NotSent::Unbuildable { error } } if error.contains("live")),
        "{outcome:?}"
    );
    assert_eq!(server.read(), "");
}
