use super::*;
use crate::exchange::{SECRET, header};

const CALL: CallId = CallId(uuid::Uuid::from_u128(
    0x0197_0000_0000_7000_8123_4567_89ab_cdef,
));

struct Setup {
    listener: Listener,
    arrivals: mpsc::Receiver<Arrival>,
    http: reqwest::Client,
}

impl Setup {
    async fn start() -> Self {
        let (sender, arrivals) = mpsc::channel(8);
        Self {
            listener: Listener::start(&[], sender).await.unwrap(),
            arrivals,
            http: reqwest::Client::builder().no_proxy().build().unwrap(),
        }
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.listener.address())
    }

    /// Sends, and keeps the arrival when one comes.
    async fn send(&mut self, request: reqwest::RequestBuilder) -> (Option<Arrival>, u16) {
        let answer = tokio::spawn(async move { request.send().await.unwrap().status().as_u16() });
        tokio::pin!(answer);
        tokio::select! {
            arrival = self.arrivals.recv() => {
                let mut arrival = arrival.unwrap();
                let (unused, _) = oneshot::channel();
                std::mem::replace(&mut arrival.kept, Kept(unused)).confirm();
                (Some(arrival), answer.await.unwrap())
            }
            status = &mut answer => (None, status.unwrap()),
        }
    }
}

#[tokio::test]
async fn a_callback_arrives_and_the_browser_gets_a_page() {
    let mut setup = Setup::start().await;
    let url = setup.listener.callback_url(CALL) + "?responseCode=OK";
    let request = setup.http.get(url).header("cookie", "a=b");
    let answer = tokio::spawn(request.send());
    let arrival = setup.arrivals.recv().await.unwrap();
    assert_eq!((arrival.to, arrival.key), (To::Callback, CALL.key()));
    assert_eq!(
        arrival.request.url,
        "/callback/8123456789abcdef?responseCode=OK"
    );
    assert_eq!(
        header(&arrival.request.headers, "cookie"),
        Some(SECRET.as_bytes())
    );
    assert!(
        !answer.is_finished(),
        "nothing is answered before it is kept"
    );
    arrival.kept.confirm();
    let answer = answer.await.unwrap().unwrap();
    assert_eq!(answer.status(), 200);
    assert!(answer.text().await.unwrap().contains("close this window"));
}

#[tokio::test]
async fn a_key_that_nobody_knows_is_no_address() {
    let mut setup = Setup::start().await;
    for request in [
        setup.http.get(setup.listener.callback_url(CALL)),
        setup.http.post(setup.listener.notification_url(CALL)),
    ] {
        let answer = tokio::spawn(request.send());
        setup.arrivals.recv().await.unwrap().kept.unknown();
        assert_eq!(answer.await.unwrap().unwrap().status(), 404);
    }
}

#[tokio::test]
async fn a_notification_arrives_with_its_bytes() {
    let mut setup = Setup::start().await;
    let body = "{\"responseCode\" : \"OK\"}\n";
    let request = setup
        .http
        .post(setup.listener.notification_url(CALL))
        .body(body);
    let (arrival, status) = setup.send(request).await;
    let arrival = arrival.unwrap();
    assert_eq!((arrival.to, status), (To::Notification, 200));
    assert_eq!(arrival.request.body.kept, body.as_bytes());
}

#[tokio::test]
async fn an_inbox_takes_callbacks_and_notifications_of_anybody() {
    let mut setup = Setup::start().await;
    let url = setup.url("/inbox/my-shop?responseCode=OK");
    for (request, method) in [
        (setup.http.get(&url), "GET"),
        (setup.http.post(&url), "POST"),
    ] {
        let (arrival, status) = setup.send(request).await;
        let arrival = arrival.unwrap();
        assert_eq!((arrival.to, status), (To::Inbox, 200));
        assert_eq!(arrival.key, "my-shop");
        assert_eq!(arrival.request.method, method);
        assert_eq!(arrival.request.url, "/inbox/my-shop?responseCode=OK");
    }
}

#[tokio::test]
async fn a_flood_is_asked_to_come_later() {
    let mut setup = Setup::start().await;
    let answer = tokio::spawn(setup.http.post(setup.url("/inbox/mine")).send());
    setup.arrivals.recv().await.unwrap().kept.too_much();
    let answer = answer.await.unwrap().unwrap();
    assert_eq!(answer.status(), 429);
    assert_eq!(answer.headers()["retry-after"], "60");
}

#[tokio::test]
async fn what_nobody_keeps_is_to_be_sent_again() {
    let mut setup = Setup::start().await;
    for request in [
        setup.http.post(setup.listener.notification_url(CALL)),
        setup.http.get(setup.listener.callback_url(CALL)),
    ] {
        let answer = tokio::spawn(request.send());
        drop(setup.arrivals.recv().await.unwrap());
        assert_eq!(answer.await.unwrap().unwrap().status(), 503);
    }
    drop(std::mem::replace(&mut setup.arrivals, mpsc::channel(1).1));
    let answer = setup.http.get(setup.listener.callback_url(CALL)).send();
    assert_eq!(answer.await.unwrap().status(), 503);
}

#[tokio::test]
async fn what_is_not_ours_is_refused_and_not_reported() {
    let mut setup = Setup::start().await;
    let callback = setup.listener.callback_url(CALL);
    let notification = setup.listener.notification_url(CALL);
    let huge = vec![b'x'; 1024 * 1024 + 1];
    let http = setup.http.clone();
    for (request, status) in [
        (http.get(setup.url("/favicon.ico")), 404),
        (http.get(setup.url("/callback/short")), 404),
        (http.post(setup.url("/inbox/a/b")), 404),
        (http.put(setup.url("/inbox/mine")), 405),
        (
            http.post(setup.url("/inbox/mine"))
                .header("origin", "https://shop.example"),
            403,
        ),
        (http.post(setup.url("/inbox/mine")).body(huge.clone()), 413),
        (http.post(callback), 405),
        (http.get(&notification), 405),
        (http.post(&notification).body(huge), 413),
        (
            http.post(&notification).header("x", "y".repeat(20_000)),
            431,
        ),
    ] {
        let (arrival, answered) = setup.send(request).await;
        assert_eq!((arrival.is_none(), answered), (true, status));
    }
}

#[tokio::test]
async fn a_busy_port_gives_way_to_the_next_and_then_to_any() {
    let other = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let taken = other.local_addr().unwrap().port();
    let (sender, _arrivals) = mpsc::channel(1);
    let first = Listener::start(&[taken], sender.clone()).await.unwrap();
    assert!(first.address().ip().is_loopback());
    assert_ne!(first.address().port(), taken);

    drop(other);
    let second = Listener::start(&[first.address().port(), taken], sender)
        .await
        .unwrap();
    assert_eq!(second.address().port(), taken);
}

#[tokio::test]
async fn a_dropped_listener_frees_its_port() {
    let (sender, _arrivals) = mpsc::channel(1);
    let listener = Listener::start(&[], sender).await.unwrap();
    let address = listener.address();
    drop(listener);
    let freed = async {
        while TcpListener::bind(address).await.is_err() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), freed)
        .await
        .expect("the port becomes free");
}
