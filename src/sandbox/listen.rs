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

/// Gives the listener and the address that it really has.
pub async fn bind(
    listen: Listen,
    last: Option<u16>,
) -> Result<(TcpListener, SocketAddr), (SocketAddr, io::Error)> {
    let loopback = |port| SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let address = match listen {
        Listen::Exact(address) => address,
        Listen::Usual => {
            for port in [Some(PORT), last].into_iter().flatten() {
                if let Ok(bound) = bind_to(loopback(port)).await {
                    return Ok(bound);
                }
            }
            loopback(0)
        }
    };
    bind_to(address).await.map_err(|error| (address, error))
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
}
