//! The program behind `evaluateSpf` and `parseRecord`.

#[cfg(target_arch = "wasm32")]
mod exports {
    use std::{pin::Pin, rc::Rc};

    use mail_triage_browser::host::{Function, Promise, promise};
    use mail_triage_module::call::{
        self,
        records::{SOURCE_AT_HAND, SourceAtHand},
    };
    use wasm_bindgen::{JsValue, prelude::wasm_bindgen};

    /// See [`call::records::SpfEvaluations`].
    #[wasm_bindgen]
    pub struct SpfEvaluations(Rc<call::records::SpfEvaluations>);

    #[wasm_bindgen]
    impl SpfEvaluations {
        /// See [`call::records::SpfEvaluations::new`].
        #[wasm_bindgen(constructor)]
        pub fn new(fetch: Option<Function>) -> Self {
            Self(Rc::new(call::records::SpfEvaluations::new(fetch, at_hand)))
        }

        /// See [`call::records::SpfEvaluations::evaluate`].
        pub fn evaluate(&self, message: JsValue, source: JsValue, resolvers: JsValue) -> Promise {
            let spf = self.0.clone();
            promise(Rc::new(move || spf.evaluate(&message, source.clone(), &resolvers)))
        }
    }

    /// See [`call::records::parse`].
    ///
    /// # Errors
    /// If there is no such kind of record.
    #[wasm_bindgen(js_name = parseRecord)]
    pub fn parse_record(kind: &str, text: &str) -> Result<JsValue, JsValue> {
        call::records::parse(kind, text)
    }

    fn at_hand() -> Pin<Box<dyn Future<Output = Option<&'static SourceAtHand>>>> {
        Box::pin(async { table().await.ok() })
    }

    #[cfg(feature = "chunks")]
    #[wasm_split_helpers::wasm_split(at_hand, fallible)]
    fn table() -> Result<&'static SourceAtHand, wasm_split_helpers::SplitLoaderError> {
        Ok(&SOURCE_AT_HAND)
    }

    #[cfg(not(feature = "chunks"))]
    async fn table() -> Result<&'static SourceAtHand, std::convert::Infallible> {
        Ok(&SOURCE_AT_HAND)
    }
}

fn main() {}
