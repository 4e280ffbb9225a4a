//! Starts the page, nothing else.

fn main() {
    #[cfg(target_arch = "wasm32")]
    mail_triage::web::start();
}
