//! Where the sandbox listens: exactly where it was told to, or on the first usual port that is free.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use tokio::net::TcpListener;

/// BNGO on a phone's keypad.
pub const PORT: u16 = 2646;

/// How often, and after which pause, a port is tried that somebody is just leaving.
const PATIENCE: u32 = 40;
const PAUSE: Duration = Duration::from_millis(25);

/// Where to listen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Listen {
    /// On loopback: port 2646, else the port of the last time, else a free one.
    Usual,
    /// On loopback: this port, as soon as the process that ended there has let go of it, else as usual.
    After(u16),
    /// Here or not at all. Port 0 takes a free one.
    Exact(SocketAddr),
}

/// Gives the listener and the address that it really has.
pub async fn bind(
    listen: Listen,
    last: Option<u16>,
) -> Result<(TcpListener, SocketAddr), (SocketAddr, io::Error)> {
    let loopback = |port| SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let address = match listen {
        Listen::Exact(address) => address,
        Listen::Usual => match first_free([Some(PORT), last].into_iter().flatten()).await {
            Some(bound) => return Ok(bound),
            None => loopback(0),
        },
        Listen::After(port) => {
            for _ in 0..PATIENCE {
                if let Some(bound) = first_free([port]).await {
                    return Ok(bound);
                }
                tokio::time::sleep(PAUSE).await;
            }
            return Box::pin(bind(Listen::Usual, last)).await;
        }
    };
    bind_to(address).await.map_err(|error| (address, error))
}

async fn first_free(ports: impl IntoIterator<Item = u16>) -> Option<(TcpListener, SocketAddr)> {
    for port in ports {
        if let Ok(bound) = bind_to((Ipv4Addr::LOCALHOST, port).into()).await {
            return Some(bound);
        }
    }
    None
}

async fn bind_to(address: SocketAddr) -> io::Result<(TcpListener, SocketAddr)> {
    let listener = TcpListener::bind(address).await?;
    let address = listener.local_addr()?;
    Ok((listener, address))
}

/// The address under which programs of this machine reach `bound`.
pub fn reachable(bound: SocketAddr) -> SocketAddr {
    let mut address = bound;
    if bound.ip().is_unspecified() {
        address.set_ip(match bound {
            SocketAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
            SocketAddr::V6(_) => std::net::Ipv6Addr::LOCALHOST.into(),
        });
    }
    address
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_busy_port_is_left_to_its_owner() {
        let free = Listen::Exact(([127, 0, 0, 1], 0).into());
        let (_first, address) = bind(free, None).await.unwrap();
        let (refused, error) = bind(Listen::Exact(address), None).await.unwrap_err();
        assert_eq!((refused, error.kind()), (address, io::ErrorKind::AddrInUse));

        let (_second, other) = bind(Listen::Usual, Some(address.port())).await.unwrap();
        assert_ne!(other.port(), address.port());
    }

    #[tokio::test]
    async fn a_port_that_is_being_left_is_waited_for() {
        let free = Listen::Exact(([127, 0, 0, 1], 0).into());
        let (leaving, address) = bind(free, None).await.unwrap();
        let (next, ()) = tokio::join!(bind(Listen::After(address.port()), None), async {
            tokio::task::yield_now().await;
            drop(leaving);
        });
        assert_eq!(next.unwrap().1, address);
    }
}
