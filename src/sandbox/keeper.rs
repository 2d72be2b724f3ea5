//! Sees to what time brings about without anybody asking: pages and authorizations left alone expire, and
//! whoever wants to know is told.

use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::engine::Rules;
use super::server::Server;
use super::store::Expired;
use crate::clock::Clock;

/// Works until the stop. Asleep whenever nothing is due: what begins meanwhile cannot expire before the
/// sleep is over.
pub async fn keep(
    server: Arc<Server>,
    mut expired: Expired,
    clock: Clock,
    rules: Rules,
    stop: CancellationToken,
) {
    let shortest = rules.approval.min(rules.authorization);
    loop {
        // Asking has the store end what is due.
        let next = server.store.next_expiry().await.ok().flatten();
        let now = clock.now();
        let pause = next.map_or(shortest, |next| next.duration_since(now).min(shortest));
        let pause = Duration::try_from(pause).unwrap_or_default() + Duration::from_millis(1);
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(pause) => {}
            Some(ends) = expired.recv() => {
                for end in ends {
                    let server = server.clone();
                    let tasks = server.tasks.clone();
                    tasks.spawn(async move { server.ended(end).await });
                }
            }
        }
    }
}
