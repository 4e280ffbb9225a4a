//! The field for the way of signing in.

use super::{EnteredSettings, FieldFinding, FieldVerdict, SettingsContext, SettingsField, SettingsRemark};
use crate::{knowledge::Auth, text::Arg};

pub(super) fn judge(typed: &EnteredSettings, around: &SettingsContext<'_>) -> Vec<FieldFinding> {
    let Some(method) = typed.method else { return Vec::new() };
    let of = |verdict, remark| FieldFinding::new(SettingsField::Method, verdict, remark);
    let mut accepted: Vec<Auth> = Vec::new();
    // A relay of the same provider may accept what the server for people does not.
    let known = around.services(&typed.server).next().or_else(|| around.services("").next());
    let here = known.map_or("", |service| &service.host);
    for auth in around.services("").filter(|service| service.host == here).flat_map(|service| &service.auth) {
        if !accepted.contains(auth) {
            accepted.push(*auth);
        }
    }
    let Some((provider, best)) = around.provider.zip(accepted.first()) else {
        return vec![of(FieldVerdict::Unknown, SettingsRemark::MethodUnknown)];
    };
    let list = accepted.iter().map(|auth| Arg::key(format!("smtp.method.{}", auth.as_str())));
    let judged = if !accepted.contains(&method) {
        of(FieldVerdict::Wrong, SettingsRemark::MethodRefused).suggest(Some(best.as_str()))
    } else if method == *best || method != Auth::Password {
        of(FieldVerdict::Right, SettingsRemark::MethodAccepted)
    } else {
        // A password where the provider would rather have something else is often switched off.
        of(FieldVerdict::Doubtful, SettingsRemark::MethodSecondBest).suggest(Some(best.as_str()))
    };
    vec![judged.arg("provider", provider.name.as_str()).arg("methods", Arg::List(list.collect()))]
}
