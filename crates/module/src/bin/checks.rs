//! The program behind `check`, `whatIf`, `render` and `describe`.

#[cfg(target_arch = "wasm32")]
mod exports {
    use std::{pin::Pin, rc::Rc};

    use mail_triage_browser::host::{Function, Promise, promise};
    use mail_triage_module::call::{
        self,
        at_hand::{AT_HAND, AtHand, WhatIf},
        words::{Texts, WORDS, Words, Writing},
    };
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
            call::checks::Checks::new(files, fetch, at_hand, words).map(|checks| Self(Rc::new(checks)))
        }

        /// See [`call::checks::Checks::check`].
        pub fn check(&self, target: String, options: JsValue, on_update: Option<Function>) -> Promise {
            let checks = self.0.clone();
            promise(Rc::new(move || checks.clone().check(target.clone(), options.clone(), on_update.clone())))
        }

        /// See [`call::checks::Checks::what_if`].
        #[wasm_bindgen(js_name = whatIf)]
        pub fn what_if(&self, report: JsValue, changes: JsValue, options: JsValue) -> Promise {
            let (checks, passed) = (self.0.clone(), WhatIf { report, changes, options });
            promise(Rc::new(move || checks.clone().what_if(passed.clone())))
        }

        /// See [`call::checks::Checks::render`].
        pub fn render(
            &self,
            report: JsValue,
            format: String,
            lang: String,
            texts: JsValue,
            options: JsValue,
        ) -> Promise {
            let (checks, texts) = (self.0.clone(), Texts { lang, texts });
            let passed = Writing { report, texts, options };
            promise(Rc::new(move || checks.clone().render(passed.clone(), format.clone())))
        }

        /// See [`call::checks::Checks::parts`].
        pub fn parts(&self, report: JsValue, lang: String, texts: JsValue, options: JsValue) -> Promise {
            let (checks, texts) = (self.0.clone(), Texts { lang, texts });
            let passed = Writing { report, texts, options };
            promise(Rc::new(move || checks.clone().parts(passed.clone())))
        }
    }

    /// See [`call::checks::describe`].
    #[wasm_bindgen]
    pub fn describe(code: String, lang: String, texts: JsValue) -> Promise {
        let texts = Texts { lang, texts };
        promise(Rc::new(move || call::checks::describe(code.clone(), texts.clone(), words)))
    }

    fn at_hand() -> Pin<Box<dyn Future<Output = Option<&'static AtHand>>>> {
        Box::pin(async { at_hand_table().await.ok() })
    }

    fn words() -> Pin<Box<dyn Future<Output = Option<&'static Words>>>> {
        Box::pin(async { words_table().await.ok() })
    }

    #[cfg(feature = "chunks")]
    #[wasm_split_helpers::wasm_split(at_hand, fallible)]
    fn at_hand_table() -> Result<&'static AtHand, wasm_split_helpers::SplitLoaderError> {
        Ok(&AT_HAND)
    }

    #[cfg(not(feature = "chunks"))]
    async fn at_hand_table() -> Result<&'static AtHand, std::convert::Infallible> {
        Ok(&AT_HAND)
    }

    #[cfg(feature = "chunks")]
    #[wasm_split_helpers::wasm_split(words, fallible)]
    fn words_table() -> Result<&'static Words, wasm_split_helpers::SplitLoaderError> {
        Ok(&WORDS)
    }

    #[cfg(not(feature = "chunks"))]
    async fn words_table() -> Result<&'static Words, std::convert::Infallible> {
        Ok(&WORDS)
    }
}

fn main() {}
