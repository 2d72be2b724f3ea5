//! Where the sandbox listens: exactly where it was told to, or on the first usual port that is free.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};

use tokio::net::TcpListener;

/// BNGO on a phone's keypad.
pub const PORT: u16 = 2646;

/// Where to listen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Listen {
    /// On loopback: port 2646, else the port of the last time, else a free one.
    Usual,
    /// Here or not at all. Port 0 takes a free one.
    Exact(SocketAddr),
}

pub async fn bind(
    listen: Listen,
    last: Option<u16>,
) -> Result<TcpListener, (SocketAddr, io::Error)> {
    let loopback = |port| SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let address = match listen {
        Listen::Exact(address) => address,
        Listen::Usual => {
            for port in [Some(PORT), last].into_iter().flatten() {
                if let Ok(listener) = TcpListener::bind(loopback(port)).await {
                    return Ok(listener);
                }
            }
            loopback(0)
        }
    };
    TcpListener::bind(address)
        .await
        .map_err(|error| (address, error))
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
        let first = bind(Listen::Exact(([127, 0, 0, 1], 0).into()), None)
            .await
            .unwrap();
        let address = first.local_addr().unwrap();
        let (refused, error) = bind(Listen::Exact(address), None).await.unwrap_err();
        assert_eq!((refused, error.kind()), (address, io::ErrorKind::AddrInUse));

        let second = bind(Listen::Usual, Some(address.port())).await.unwrap();
        assert_ne!(second.local_addr().unwrap().port(), address.port());
    }
}
