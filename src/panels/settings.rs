//! What stands in the settings form, and what is known of the server that was typed.

use mail_triage_engine::{
    dns::Name,
    input::limits::InputField,
    knowledge::Auth,
    settings::{self, Encryption, EnteredSettings, HostLookup, SettingsField},
};

/// A field of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// The outgoing server.
    Server,
    /// Its port.
    Port,
    /// A word of [`Encryption`].
    Encryption,
    /// The user name.
    User,
    /// A word of [`Auth`], or another one for "not chosen".
    Method,
    /// What a test on the user's own machine printed.
    Output,
}

impl Field {
    /// The locale key of its label.
    pub fn key(self) -> &'static str {
        match self {
            Self::Server => "smtp.server",
            Self::Port => "smtp.port",
            Self::Encryption => "smtp.encryption",
            Self::User => "smtp.user",
            Self::Method => "smtp.method",
            Self::Output => "smtp.output",
        }
    }

    /// The id of its element.
    pub fn id(self) -> String {
        self.key().replace('.', "-")
    }

    /// Whether one of several words is chosen in it.
    pub fn is_choice(self) -> bool {
        matches!(self, Self::Encryption | Self::Method)
    }
}

impl From<SettingsField> for Field {
    fn from(field: SettingsField) -> Self {
        match field {
            SettingsField::Server => Self::Server,
            SettingsField::Port => Self::Port,
            SettingsField::Encryption => Self::Encryption,
            SettingsField::User => Self::User,
            SettingsField::Method => Self::Method,
        }
    }
}

/// What there is to ask about the server that was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HostQuestion {
    /// Nothing: it is no name, or the answer is known.
    Nothing,
    /// Whether this name leads anywhere.
    Open(Name),
    /// The answer is awaited.
    UnderWay,
}

/// What stands in the form, and what came of the lookup.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    texts: [String; 6],
    suggested: u32,
    looked_up: Option<(Name, Option<HostLookup>)>,
}

impl Settings {
    /// What was typed or chosen in a field.
    pub fn text(&self, field: Field) -> &str {
        &self.texts[field as usize]
    }

    /// Takes what was typed or chosen in a field.
    pub fn enter(&mut self, field: Field, text: String) {
        self.texts[field as usize] = text;
    }

    /// Takes what was suggested for a field.
    pub fn take_suggestion(&mut self, field: Field, text: String) {
        self.enter(field, text);
        self.suggested += 1;
    }

    /// How often a suggestion was taken.
    pub fn suggested(&self) -> u32 {
        self.suggested
    }

    /// What stands in the form, as far as it is read.
    pub fn typed(&self) -> EnteredSettings {
        let entered = |field| InputField::Line.part(self.text(field));
        EnteredSettings {
            server: entered(Field::Server).to_owned(),
            port: entered(Field::Port).to_owned(),
            encryption: Encryption::from_word(entered(Field::Encryption)).unwrap_or_default(),
            user: entered(Field::User).to_owned(),
            method: Auth::from_word(entered(Field::Method)),
        }
    }

    fn host(&self) -> Option<Name> {
        settings::host(InputField::Line.part(self.text(Field::Server)))
    }

    /// What the DNS says of the server that stands in the form now.
    pub fn lookup(&self) -> Option<HostLookup> {
        let (host, lookup) = self.looked_up.as_ref()?;
        lookup.filter(|_| self.host().as_ref() == Some(host))
    }

    /// What there is to ask about that server. What failed can be asked again.
    pub fn question(&self) -> HostQuestion {
        let Some(host) = self.host() else { return HostQuestion::Nothing };
        match self.looked_up.as_ref().filter(|(known, _)| *known == host) {
            Some((_, None)) => HostQuestion::UnderWay,
            Some((_, Some(HostLookup::Found | HostLookup::Missing))) => HostQuestion::Nothing,
            Some((_, Some(HostLookup::Failed(_)))) | None => HostQuestion::Open(host),
        }
    }

    /// A lookup of this host begins.
    pub fn look_up(&mut self, host: Name) {
        self.looked_up = Some((host, None));
    }

    /// What came of the lookup of a host. An answer about another one than was asked for last comes too late.
    pub fn looked_up(&mut self, host: &Name, found: HostLookup) {
        if let Some((_, lookup)) = self.looked_up.as_mut().filter(|(asked, _)| asked == host) {
            *lookup = Some(found);
        }
    }
}

#[cfg(test)]
mod tests {
    use mail_triage_engine::dns::Failure;

    use super::*;

    fn typed(server: &str) -> Settings {
        let mut settings = Settings::default();
        settings.enter(Field::Server, server.to_owned());
        settings
    }

    fn name(text: &str) -> Name {
        Name::parse(text).unwrap()
    }

    #[test]
    fn what_is_no_word_of_a_choice_is_not_chosen() {
        let mut settings = typed("smtp.example.org");
        settings.enter(Field::Method, "unset".to_owned());
        let typed = settings.typed();
        assert_eq!((typed.method, typed.encryption), (None, Encryption::default()));
        settings.enter(Field::Method, Auth::Password.as_str().to_owned());
        assert_eq!(settings.typed().method, Some(Auth::Password));
    }

    #[test]
    fn only_a_name_is_looked_up() {
        for text in ["", "smtp", "192.0.2.1", "not a name"] {
            assert_eq!(typed(text).question(), HostQuestion::Nothing, "{text}");
        }
        assert_eq!(typed(" SMTP.example.org ").question(), HostQuestion::Open(name("smtp.example.org")));
    }

    #[test]
    fn an_answer_is_about_its_own_host_alone() {
        let mut settings = typed("smtp.example.org");
        settings.look_up(name("smtp.example.org"));
        assert_eq!((settings.question(), settings.lookup()), (HostQuestion::UnderWay, None));
        settings.enter(Field::Server, "mail.example.org".to_owned());
        assert_eq!(settings.question(), HostQuestion::Open(name("mail.example.org")));
        settings.looked_up(&name("smtp.example.org"), HostLookup::Missing);
        assert_eq!(settings.lookup(), None);
        settings.enter(Field::Server, "smtp.example.org".to_owned());
        assert_eq!(
            (settings.question(), settings.lookup()),
            (HostQuestion::Nothing, Some(HostLookup::Missing))
        );
    }

    #[test]
    fn a_late_answer_about_an_earlier_host_is_not_taken_for_the_last() {
        let mut settings = typed("b.example.org");
        settings.look_up(name("a.example.org"));
        settings.look_up(name("b.example.org"));
        settings.looked_up(&name("a.example.org"), HostLookup::Found);
        assert_eq!(settings.question(), HostQuestion::UnderWay);
    }

    #[test]
    fn what_could_not_be_looked_up_can_be_asked_again() {
        let mut settings = typed("smtp.example.org");
        settings.look_up(name("smtp.example.org"));
        settings.looked_up(&name("smtp.example.org"), HostLookup::Failed(Failure::TimedOut));
        assert_eq!(settings.question(), HostQuestion::Open(name("smtp.example.org")));
        assert_eq!(settings.lookup(), Some(HostLookup::Failed(Failure::TimedOut)));
    }
}
