//! When a call got its connection: what separates "not sent" from "outcome unknown".

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};

use tower_layer::Layer;
use tower_service::Service;

use crate::clock::Stopwatch;
use crate::exchange::Phases;

tokio::task_local! {
    /// The progress of the call that is being polled. The library polls its connector within the call.
    static CALL: Progress;
}

/// How far a call got, in microseconds from its start. Clones are the same call.
#[derive(Clone, Debug)]
pub(super) struct Progress {
    watch: Stopwatch,
    steps: Arc<Steps>,
}

#[derive(Debug, Default)]
struct Steps {
    connecting: OnceLock<u64>,
    connected: OnceLock<u64>,
    head: OnceLock<u64>,
}

impl Progress {
    pub(super) fn begin() -> Self {
        Self {
            watch: Stopwatch::start(),
            steps: Arc::default(),
        }
    }

    /// Runs a call so that its connection is noted here.
    pub(super) fn watch<F: Future>(&self, call: F) -> impl Future<Output = F::Output> {
        CALL.scope(self.clone(), call)
    }

    pub(super) fn head_arrived(&self) {
        self.note(&self.steps.head);
    }

    pub(super) fn phases(&self) -> Phases {
        let connecting = self.steps.connecting.get().copied().unwrap_or_default();
        Phases {
            connect: self
                .steps
                .connected
                .get()
                .map(|connected| connected.saturating_sub(connecting)),
            first_byte: self.steps.head.get().copied(),
            total: self.watch.micros(),
        }
    }

    fn note(&self, step: &OnceLock<u64>) {
        // A step that happened twice keeps its first time.
        let _ = step.set(self.watch.micros());
    }
}

/// Notes on the call at hand when its connection began and was made.
#[derive(Clone, Copy, Debug)]
pub(super) struct WatchConnections;

/// A connector whose connections are noted.
#[derive(Clone, Debug)]
pub(super) struct Watched<Connector>(Connector);

impl<Connector> Layer<Connector> for WatchConnections {
    type Service = Watched<Connector>;

    fn layer(&self, connector: Connector) -> Self::Service {
        Watched(connector)
    }
}

impl<Connector, Target> Service<Target> for Watched<Connector>
where
    Connector: Service<Target>,
    Connector::Future: Send + 'static,
{
    type Response = Connector::Response;
    type Error = Connector::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Self::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.0.poll_ready(context)
    }

    fn call(&mut self, target: Target) -> Self::Future {
        let call = CALL.with(Progress::clone);
        call.note(&call.steps.connecting);
        let connecting = self.0.call(target);
        Box::pin(async move {
            let connection = connecting.await?;
            call.note(&call.steps.connected);
            Ok(connection)
        })
    }
}
