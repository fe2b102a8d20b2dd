//! Whose the other end of a connection within this machine is, where the system tells: an address that another person has read
//! off a list of processes opens nothing for them.

use tokio::net::TcpStream;

/// Whether another person is at the other end. Root is none: it relays (WSL), and it reads everything anyway.
#[cfg(target_os = "linux")]
pub(super) fn is_another_persons(stream: &TcpStream) -> bool {
    let (Ok(there), Ok(here)) = (stream.peer_addr(), stream.local_addr()) else {
        return true; // it is gone
    };
    let own = rustix::process::geteuid().as_raw();
    ["/proc/net/tcp", "/proc/net/tcp6"]
        .into_iter()
        .filter_map(|table| std::fs::read_to_string(table).ok()) // another system would have let them in, too
        .find_map(|table| owner(&table, there, here))
        .is_some_and(|owner| owner != own && owner != 0)
}

/// Other systems do not tell.
#[cfg(not(target_os = "linux"))]
pub(super) fn is_another_persons(_stream: &TcpStream) -> bool {
    false
}

/// Who has the socket at `there` that is connected to `here`, by the kernel's `table` (proc_pid_net(5)).
#[cfg(target_os = "linux")]
fn owner(table: &str, there: std::net::SocketAddr, here: std::net::SocketAddr) -> Option<u32> {
    let (there, here) = (spelled(there)?, spelled(here)?);
    table.lines().find_map(|line| {
        let mut words = line.split_ascii_whitespace().skip(1);
        // An address of version 4 ends one of version 6 in which it is mapped.
        let is_it = words.next()?.ends_with(&there) && words.next()?.ends_with(&here);
        is_it.then(|| words.nth(4)?.parse().ok()).flatten()
    })
}

/// An address as the kernel spells it.
#[cfg(target_os = "linux")]
fn spelled(address: std::net::SocketAddr) -> Option<String> {
    match address {
        std::net::SocketAddr::V4(address) => {
            let host = u32::from_ne_bytes(address.ip().octets());
            Some(format!("{host:08X}:{:04X}", address.port()))
        }
        std::net::SocketAddr::V6(_) => None, // nothing of ours listens there
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use tokio::net::TcpListener;

    use super::*;

    #[tokio::test]
    async fn the_owner_of_a_connection_is_found_and_is_oneself() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let here = listener.local_addr().unwrap();
        // As a client of both versions connects; where there is no version 6, the other one has been looked at.
        for address in [
            here.to_string(),
            format!("[::ffff:127.0.0.1]:{}", here.port()),
        ] {
            let Ok(client) = TcpStream::connect(&address).await else {
                continue;
            };
            let (stream, there) = listener.accept().await.unwrap();
            assert!(!is_another_persons(&stream), "{address}");
            let tables = ["/proc/net/tcp", "/proc/net/tcp6"].map(std::fs::read_to_string);
            let mut tables = tables.into_iter().flatten();
            let found = tables.find_map(|table| owner(&table, there, here));
            assert_eq!(
                found,
                Some(rustix::process::geteuid().as_raw()),
                "{address}"
            );
            drop(client);
        }
    }

    #[cfg(target_endian = "little")]
    #[test]
    fn a_row_counts_where_both_ends_are_right() {
        let table = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n\
             0: 0100007F:0001 0100007F:1F91 06 00000000:00000000 00:00000000 00000000     0        0 1 1 0 100 0 0 10 0\n\
             1: 0000000000000000FFFF00000100007F:0001 0000000000000000FFFF00000100007F:1F90 01 00000000:00000000 00:00000000 00000000  1001        0 2 1 0 100 0 0 10 0\n";
        let [there, here] = ["127.0.0.1:1", "127.0.0.1:8080"].map(|text| text.parse().unwrap());
        assert_eq!(owner(table, there, here), Some(1001));
        assert_eq!(owner(table, here, there), None);
    }
}
