//! Many at the same moment.

use std::sync::Barrier;
use std::thread;

/// What a crowd gets that asks at the same moment. Each gets its number.
pub fn at_once<T: Send>(crowd: usize, ask: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let barrier = Barrier::new(crowd);
    thread::scope(|scope| {
        let crowd: Vec<_> = (0..crowd)
            .map(|number| {
                let (barrier, ask) = (&barrier, &ask);
                scope.spawn(move || {
                    barrier.wait();
                    ask(number)
                })
            })
            .collect();
        crowd
            .into_iter()
            .map(|one| one.join().expect("an answer"))
            .collect()
    })
}
