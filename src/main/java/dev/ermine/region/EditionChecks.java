package dev.ermine.region;

import java.time.Instant;
import java.util.Optional;
import java.util.SortedMap;

/**
 * What a schema cannot say of a version's own terms: that its days can come, and that it binds
 * exactly the files that it names, with the content that they have.
 */
final class EditionChecks {

  private final Faults faults;

  EditionChecks(Faults faults) {
    this.faults = faults;
  }

  /** Last of all: only now it is known which files the others have looked for. */
  void check(Place root, Sources sources) {
    checkValidity(root.member("valid"));
    checkMassChange(root.member("allow-mass-change"), root.member("serial"));
    Place files = root.member("files");
    if (files.there() && !faults.told(files.at())) {
      checkFiles(files, sources.hashes());
    }
  }

  private void checkValidity(Place valid) {
    Optional<Instant> from = instant(valid.member("from"));
    Optional<Instant> until = instant(valid.member("until"));
    if (from.isPresent() && until.isPresent() && !from.get().isBefore(until.get())) {
      faults.add(valid.member("until"), "is not after `from`");
    }
  }

  private Optional<Instant> instant(Place place) {
    if (!place.isText() || faults.told(place.at())) {
      return Optional.empty();
    }
    Optional<Instant> instant = Measures.instant(place.text());
    if (instant.isEmpty()) {
      faults.add(place, "is no instant of the calendar");
    }
    return instant;
  }

  /** A waiver is for one version, and does not lie about for the next. */
  private void checkMassChange(Place allowed, Place serial) {
    if (allowed.there() && !faults.told(allowed.at()) && !allowed.node().equals(serial.node())) {
      faults.add(
          allowed,
          "is for another version than this one's `serial`; take it out, or say `%s`"
              .formatted(serial.node().asText()));
    }
  }

  private void checkFiles(Place files, SortedMap<String, String> hashes) {
    hashes.forEach((name, hash) -> checkFile(files.member(name), hash));
    if (faults.none()) {
      files.members().stream()
          .filter(file -> !hashes.containsKey(file.key()))
          .forEach(file -> faults.add(file, "is not named in this file; take it out"));
    }
  }

  private void checkFile(Place file, String hash) {
    if (!file.there()) {
      faults.add(file, "is missing, but named in this file; `./ermine trust files` prints all");
    } else if (!faults.told(file.at()) && !file.text().equals(hash)) {
      faults.add(
          file,
          "is not the SHA-256 of that file, which is `%s`: one of them was changed"
              .formatted(hash));
    }
  }
}
