//! A static web server for the built page, on loopback only.
//!
//! It serves under any base path, because the page is published under `/<repository>/`, and it
//! compresses like GitHub Pages does, so that what is measured here is what people download.

use std::collections::HashMap;
use std::fs;
use std::io::{self, BufRead, BufReader, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::SystemTime;

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::sh::Result;

/// A running server; it ends with the process.
pub struct Server {
    address: SocketAddr,
    base: String,
}

struct Site {
    dir: PathBuf,
    base: String,
    packed: Packed,
}

/// Files as they were last compressed, with the time of the file: the tests fetch the program hundreds of times, and to
/// compress it each time took a quarter of a second of the processor a page.
#[derive(Default)]
struct Packed(Mutex<HashMap<PathBuf, (SystemTime, Vec<u8>)>>);

impl Packed {
    fn of(&self, file: &Path) -> io::Result<Vec<u8>> {
        let changed = fs::metadata(file)?.modified()?;
        let known = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((of, body)) = known().get(file)
            && *of == changed
        {
            return Ok(body.clone());
        }
        let mut encoder = GzEncoder::new(Vec::new(), Compression::new(6));
        encoder.write_all(&fs::read(file)?)?;
        let body = encoder.finish()?;
        known().insert(file.to_owned(), (changed, body.clone()));
        Ok(body)
    }
}

impl Server {
    /// Serves `dir` under `base` (`/` or `/name/`). Port 0 takes any free one.
    ///
    /// # Errors
    /// Where the port is taken.
    pub fn start(dir: PathBuf, base: &str, port: u16) -> Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))
            .map_err(|error| format!("cannot listen on port {port}: {error}; try --port N"))?;
        let address = listener.local_addr()?;
        let site = Arc::new(Site { dir, base: base.to_owned(), packed: Packed::default() });
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let site = Arc::clone(&site);
                // A browser that goes away in the middle is not an error of ours.
                thread::spawn(move || site.connection(&stream).ok());
            }
        });
        Ok(Self { address, base: base.to_owned() })
    }

    /// The address of the page.
    pub fn url(&self) -> String {
        format!("http://{}{}", self.address, self.base)
    }
}

struct Reply {
    status: &'static str,
    headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
}

impl Site {
    fn connection(&self, stream: &TcpStream) -> io::Result<()> {
        let mut reader = BufReader::new(stream);
        loop {
            let mut start = String::new();
            if reader.read_line(&mut start)? == 0 {
                return Ok(());
            }
            let mut gzip = false;
            loop {
                let mut header = String::new();
                if reader.read_line(&mut header)? == 0 {
                    return Ok(());
                }
                let header = header.trim_end().to_ascii_lowercase();
                if header.is_empty() {
                    break;
                }
                gzip |= header.starts_with("accept-encoding:") && header.contains("gzip");
            }
            let mut words = start.split_ascii_whitespace();
            let method = words.next().unwrap_or_default();
            let target = words.next().unwrap_or_default();
            let reply = match method {
                "GET" | "HEAD" => self.reply(target, gzip)?,
                _ => text("405 Method Not Allowed"),
            };
            send(stream, &reply, method == "HEAD")?;
        }
    }

    fn reply(&self, target: &str, gzip: bool) -> io::Result<Reply> {
        let path = target.split(['?', '#']).next().unwrap_or_default();
        let Some(path) = path.strip_prefix(&self.base) else {
            let mut reply = text("404 Not Found");
            if format!("{path}/") == self.base {
                reply.status = "301 Moved Permanently";
                reply.headers.push(("location", self.base.clone()));
            }
            return Ok(reply);
        };
        let inside = Path::new(path).components().all(|part| matches!(part, Component::Normal(_)));
        let mut file = self.dir.join(path);
        if file.is_dir() {
            file.push("index.html");
        }
        if !inside || !file.is_file() {
            return Ok(self.missing());
        }
        let (kind, compresses) = content_type(&file);
        let mut headers = vec![("content-type", kind.to_owned())];
        if compresses {
            headers.push(("vary", "accept-encoding".to_owned()));
        }
        let packs = gzip && compresses;
        if packs {
            headers.push(("content-encoding", "gzip".to_owned()));
        }
        let body = if packs { self.packed.of(&file)? } else { fs::read(&file)? };
        Ok(Reply { status: "200 OK", headers, body })
    }

    /// What GitHub Pages says of a missing address: the page for that, if there is one.
    fn missing(&self) -> Reply {
        let mut reply = text("404 Not Found");
        if let Ok(page) = fs::read(self.dir.join("404.html")) {
            reply.headers = vec![("content-type", "text/html; charset=utf-8".to_owned())];
            reply.body = page;
        }
        reply
    }
}

fn text(status: &'static str) -> Reply {
    Reply {
        status,
        headers: vec![("content-type", "text/plain; charset=utf-8".to_owned())],
        body: status.into(),
    }
}

fn send(mut stream: &TcpStream, reply: &Reply, head: bool) -> io::Result<()> {
    let mut out = format!("HTTP/1.1 {}\r\n", reply.status).into_bytes();
    for (name, value) in &reply.headers {
        out.extend(format!("{name}: {value}\r\n").bytes());
    }
    // Every build may change every file: the browser asks again each time.
    out.extend(b"cache-control: no-cache\r\nx-content-type-options: nosniff\r\n");
    out.extend(format!("content-length: {}\r\n\r\n", reply.body.len()).bytes());
    if !head {
        out.extend(&reply.body);
    }
    stream.write_all(&out)
}

/// The media type of a file by its extension, and whether it is worth compressing.
fn content_type(file: &Path) -> (&'static str, bool) {
    let extension = file.extension().and_then(|ext| ext.to_str()).unwrap_or("");
    match extension {
        "html" => ("text/html; charset=utf-8", true),
        "js" | "mjs" => ("text/javascript; charset=utf-8", true),
        "css" => ("text/css; charset=utf-8", true),
        "wasm" => ("application/wasm", true),
        "json" | "map" => ("application/json", true),
        "webmanifest" => ("application/manifest+json", true),
        "svg" => ("image/svg+xml", true),
        "txt" => ("text/plain; charset=utf-8", true),
        "png" => ("image/png", false),
        "ico" => ("image/x-icon", false),
        "webp" => ("image/webp", false),
        _ => ("application/octet-stream", false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(base: &str) -> Site {
        let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        Site { dir, base: base.to_owned(), packed: Packed::default() }
    }

    fn status(base: &str, target: &str) -> &'static str {
        site(base).reply(target, false).unwrap().status
    }

    #[test]
    fn serves_under_a_base_path_only() {
        assert_eq!(status("/mail-triage/", "/mail-triage/http.rs"), "200 OK");
        assert_eq!(status("/mail-triage/", "/http.rs"), "404 Not Found");
        assert_eq!(status("/mail-triage/", "/mail-triage"), "301 Moved Permanently");
    }

    #[test]
    fn never_leaves_its_directory() {
        for target in ["/../Cargo.toml", "//etc/passwd", "/./../Cargo.toml"] {
            assert_eq!(status("/", target), "404 Not Found", "{target}");
        }
    }

    #[test]
    fn what_is_compressed_is_the_file_as_it_is_now() {
        let file = std::env::temp_dir().join(format!("mail-triage-packed-{}", std::process::id()));
        let packed = Packed::default();
        let unpacked = || {
            let mut text = String::new();
            let body = packed.of(&file).unwrap();
            io::Read::read_to_string(&mut flate2::read::GzDecoder::new(body.as_slice()), &mut text).unwrap();
            text
        };
        fs::write(&file, "before").unwrap();
        assert_eq!((unpacked(), unpacked()), ("before".to_owned(), "before".to_owned()));
        fs::write(&file, "after").unwrap();
        let later = SystemTime::now() + std::time::Duration::from_secs(60);
        fs::File::options().write(true).open(&file).unwrap().set_modified(later).unwrap();
        assert_eq!(unpacked(), "after");
        fs::remove_file(file).unwrap();
    }

    #[test]
    fn wasm_has_the_type_that_streaming_needs() {
        assert_eq!(content_type(Path::new("a_bg.wasm")), ("application/wasm", true));
    }
}
