//! A bell at the door of each process that has the journal open: whoever has appended rings at the
//! others, who then look. Nobody has to look while nothing happens.
//!
//! It is an empty datagram to a port of loopback. One that is lost is no loss: the next one, and whatever
//! the other process appends itself, has it look as well.

use std::{
    io,
    net::{Ipv4Addr, SocketAddr, UdpSocket},
};

/// Our own bell.
#[derive(Debug)]
pub struct Bell(UdpSocket);

impl Bell {
    pub fn hang() -> io::Result<Self> {
        UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).map(Self)
    }

    pub fn port(&self) -> io::Result<u16> {
        self.0.local_addr().map(|address| address.port())
    }

    /// Waits until somebody rings.
    pub fn wait(&self) -> io::Result<()> {
        match self.0.recv(&mut [0; 1]) {
            // Whatever it brings, it is a ring.
            Err(error) if error.kind() != io::ErrorKind::Interrupted => Err(error),
            _ => Ok(()),
        }
    }
}

/// Rings at these ports.
pub fn ring(ports: impl IntoIterator<Item = u16>) {
    let mut finger = None;
    for port in ports {
        if finger.is_none() {
            finger = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).ok();
        }
        if let Some(finger) = &finger {
            let _ = finger.send_to(&[], SocketAddr::from((Ipv4Addr::LOCALHOST, port)));
        }
    }
}
