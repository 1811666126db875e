/** What every page uses: htmx under a strict policy, small behaviours by attribute, saved and kept input. */

import { startActions } from "./app/actions";
import { startConfirming } from "./app/confirming";
import { startDisclosure } from "./app/disclosure";
import { startFollowing } from "./app/following";
import { startForms } from "./app/forms";
import { startKeeping } from "./app/keeping";
import { startRequests } from "./app/requests";
import { startSaving } from "./app/saving";
import { startScrolling } from "./app/scrolling";
import { startToasts } from "./app/toasts";

document.documentElement.classList.add("has-script");
startRequests();
startDisclosure();
startConfirming();
startForms();
startActions();
startScrolling();
startToasts();
startKeeping();
startSaving();
startFollowing();
