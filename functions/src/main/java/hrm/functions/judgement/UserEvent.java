package hrm.functions.judgement;

import hrm.model.Baselines;
import hrm.model.Correction;
import hrm.model.Reading;
import hrm.model.UserProfiles;

/** What is known of one person, in one stream: a reading, or something readings are judged by. */
public sealed interface UserEvent {
    String userId();

    record Measured(Reading reading) implements UserEvent {
        @Override
        public String userId() {
            return reading.userId();
        }
    }

    record BaselinesChanged(Baselines baselines) implements UserEvent {
        @Override
        public String userId() {
            return baselines.userId();
        }
    }

    record ProfilesChanged(UserProfiles profiles) implements UserEvent {
        @Override
        public String userId() {
            return profiles.userId();
        }
    }

    record Corrected(Correction correction) implements UserEvent {
        @Override
        public String userId() {
            return correction.userId();
        }
    }
}
