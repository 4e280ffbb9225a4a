//! The program behind `check`, `whatIf`, `render` and `describe`.

#[cfg(target_arch = "wasm32")]
mod exports {
    use std::rc::Rc;

    use mail_triage_browser::host::{Function, Promise, promise};
    use mail_triage_module::call;
    use wasm_bindgen::{JsValue, prelude::wasm_bindgen};

    /// See [`call::checks::Checks`].
    #[wasm_bindgen]
    pub struct Checks(Rc<call::checks::Checks>);

    #[wasm_bindgen]
    impl Checks {
        /// See [`call::checks::Checks::new`].
        ///
        /// # Errors
        /// If a file is missing.
        #[wasm_bindgen(constructor)]
        pub fn new(files: &JsValue, fetch: Option<Function>) -> Result<Self, JsValue> {
            call::checks::Checks::new(files, fetch).map(|checks| Self(Rc::new(checks)))
        }

        /// See [`call::checks::Checks::check`].
        pub fn check(&self, target: String, options: JsValue, on_update: Option<Function>) -> Promise {
            let checks = self.0.clone();
            promise(Rc::new(move || checks.check(target.clone(), options.clone(), on_update.clone())))
        }

        /// See [`call::checks::Checks::what_if`].
        #[wasm_bindgen(js_name = whatIf)]
        pub fn what_if(&self, report: JsValue, changes: JsValue, options: JsValue) -> Promise {
            let checks = self.0.clone();
            promise(Rc::new(move || checks.what_if(&report, &changes, options.clone())))
        }

        /// See [`call::checks::Checks::render`].
        ///
        /// # Errors
        /// If something cannot be read.
        pub fn render(
            &self,
            report: &JsValue,
            format: &str,
            lang: &str,
            texts: &JsValue,
            options: &JsValue,
        ) -> Result<String, JsValue> {
            self.0.render(report, format, lang, texts, options)
        }

        /// See [`call::checks::Checks::parts`].
        ///
        /// # Errors
        /// If something cannot be read.
        pub fn parts(
            &self,
            report: &JsValue,
            lang: &str,
            texts: &JsValue,
            options: &JsValue,
        ) -> Result<JsValue, JsValue> {
            self.0.parts(report, lang, texts, options)
        }
    }

    /// See [`call::checks::describe`].
    ///
    /// # Errors
    /// If something cannot be read.
    #[wasm_bindgen]
    pub fn describe(code: &str, lang: &str, texts: &JsValue) -> Result<JsValue, JsValue> {
        call::checks::describe(code, lang, texts)
    }
}

fn main() {}
