//! The program behind `explainMessage`.

#[cfg(target_arch = "wasm32")]
mod exports {
    use mail_triage_module::call;
    use wasm_bindgen::{JsValue, prelude::wasm_bindgen};

    /// See [`call::messages::files_for`].
    ///
    /// # Errors
    /// If the message cannot be read.
    #[wasm_bindgen(js_name = filesFor)]
    pub fn files_for(message: &JsValue) -> Result<JsValue, JsValue> {
        call::messages::files_for(message)
    }

    /// See [`call::messages::explain`].
    ///
    /// # Errors
    /// If something cannot be read.
    #[wasm_bindgen]
    pub fn explain(
        message: &JsValue,
        files: &JsValue,
        lang: Option<String>,
        texts: &JsValue,
    ) -> Result<JsValue, JsValue> {
        call::messages::explain(message, files, lang, texts)
    }
}

fn main() {}
