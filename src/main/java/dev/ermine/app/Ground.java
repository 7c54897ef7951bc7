package dev.ermine.app;

import dev.ermine.region.LiveRegions;
import dev.ermine.region.Regions;
import dev.ermine.region.Stage;
import dev.ermine.trust.GatewayKeys;
import dev.ermine.trust.Officers;
import java.nio.file.Path;

/**
 * What the gateway stands on: its files, read at start and found good together.
 *
 * @param stage whether development keys are believed
 * @param base its base URL, without trailing slash
 * @param live the regions, of which a first version is in force
 * @param keyFiles where its signing keys are
 * @param keys what tokens are signed with at first
 * @param pageKeys what page tokens are sealed with
 * @param client what is shown to peers
 * @param server what is shown to askers
 * @param officers who may come to the addresses of trust
 * @param optOuts who has opted out of uses beyond their care
 * @param auditFile where audit records go
 */
record Ground(
    Stage stage,
    String base,
    LiveRegions live,
    OwnKeys keyFiles,
    GatewayKeys keys,
    LivePageKeys pageKeys,
    LivePair client,
    LivePair server,
    Officers officers,
    LiveOptOuts optOuts,
    Path auditFile) {

  /** The version in force. */
  Regions regions() {
    return live.current();
  }
}
