package dev.ermine.app;

import dev.ermine.region.ChangeControl;
import dev.ermine.region.Stage;
import dev.ermine.trust.OfficerKey;
import dev.ermine.trust.OfficerSignatures;
import dev.ermine.trust.Signatory;
import dev.ermine.trust.Tenure;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How many officers have to sign a change of trust, and who they are: read from the gateway's own
 * configuration, so that no file names its own judges. In production there are two at least.
 */
final class FourEyes {

  private static final ZoneId LONDON = ZoneId.of("Europe/London");
  private static final int FOUR_EYES = 2;

  /** For so long the end of an officer's key is told beforehand. */
  private static final int NOTICE_DAYS = 14;

  private final GatewayConfig config;
  private final Stage stage;
  private final LocalDate today;
  private final List<String> faults = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();
  private final List<Signatory> officers = new ArrayList<>();

  /**
   * What was read.
   *
   * @param faults each with its property; with any of them the control is not to be used
   * @param warnings what is no fault yet
   */
  record Reading(ChangeControl control, List<String> faults, List<String> warnings) {}

  private FourEyes(GatewayConfig config, Stage stage, LocalDate today) {
    this.config = config;
    this.stage = stage;
    this.today = today;
  }

  static Reading read(GatewayConfig config, Stage stage, InstantSource clock) {
    LocalDate today = clock.instant().atZone(LONDON).toLocalDate();
    FourEyes read = new FourEyes(config, stage, today);
    int needed = read.needed();
    new TreeMap<>(config.officers()).forEach(read::readOfficer);
    read.checkOfficers(needed);
    ChangeControl control =
        new ChangeControl(
            needed,
            config.trust().leastSerial(),
            config.trust().leastSuspensionsSerial(),
            new OfficerSignatures(read.officers, clock));
    return new Reading(control, List.copyOf(read.faults), List.copyOf(read.warnings));
  }

  private int needed() {
    int least = stage == Stage.PRODUCTION ? FOUR_EYES : 0;
    int needed = config.trust().signatures().orElse(least);
    if (needed < least) {
      faults.add(
          "ermine.trust.signatures: is `%d`; in production no officer changes trust alone: say `%d` or"
                  .formatted(needed, least)
              + " more, or leave it out");
    }
    return Math.max(needed, least);
  }

  private void readOfficer(String id, GatewayConfig.Officer officer) {
    if (!Signatory.isId(id)) {
      faults.add(
          "ermine.officers: an id is of lower-case words joined by hyphens; `%s` is not"
              .formatted(id));
    }
    officer.key().flatMap(file -> key(id, file)).ifPresent(key -> add(id, key, officer));
  }

  private Optional<OfficerKey> key(String id, Path name) {
    try {
      OfficerKey key = OfficerKey.readPublic(config.certsFile(name));
      if (key.keyId().filter(stage::refuses).isPresent()) {
        faults.add(property(id) + "`" + config.certsFile(name) + "` " + Stage.FAULT);
      }
      return Optional.of(key);
    } catch (IllegalArgumentException e) {
      faults.add(property(id) + e.getMessage());
      return Optional.empty();
    }
  }

  private void add(String id, OfficerKey key, GatewayConfig.Officer officer) {
    officers.add(
        new Signatory(id, key, new Tenure(officer.from(), officer.until(), officer.revoked())));
    officer
        .until()
        .filter(last -> !last.isBefore(today) && last.isBefore(today.plusDays(NOTICE_DAYS)))
        .ifPresent(
            last ->
                warnings.add(
                    "ermine.officers.%s.until: what `%s` has signed counts no more after %s, and no"
                            .formatted(id, id, last)
                        + " gateway starts on it then: have another officer sign it, too"));
  }

  private void checkOfficers(int needed) {
    Map<String, String> sharing = OfficerSignatures.sharing(officers);
    sharing.forEach(
        (id, other) ->
            faults.add(
                property(id) + "is the key of `" + other + "`, too; each officer has their own"));
    List<String> counting =
        officers.stream()
            .filter(officer -> officer.tenure().silence(today).isEmpty())
            .map(Signatory::id)
            .toList();
    if (counting.size() < needed) {
      faults.add(
          "ermine.officers: `%d` have to sign, and of those named here only %s can; give each a `key`"
              .formatted(needed, counting.isEmpty() ? "none" : counting));
    }
  }

  private static String property(String officer) {
    return "ermine.officers." + officer + ".key: ";
  }
}
