package dev.ermine.policy;

import dev.ermine.fhir.Entry;
import dev.ermine.policy.EntryDecision.Reason;
import java.util.Optional;

/** Whether the entries of one region may be shared with one requester. */
public interface EntryPolicy {

  /** Whether it cannot be established what the patient decided: nothing may be disclosed. */
  boolean undecided();

  /** Why nothing at all is disclosed, whatever there may be; empty: entries decide. */
  Optional<Reason> withholdAll();

  /** Whether that entry may be shared. */
  EntryDecision decide(Entry entry);

  /** Whether it may be told that something is withheld for that reason. */
  boolean tells(Reason reason);
}
