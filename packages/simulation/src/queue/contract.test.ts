import { describeQueueContract } from '../../../queue/src/testing/contract.js';
import { simulatedQueue } from '../testing/simulated-queue.js';

/** The same cases that run over BullMQ. */
describeQueueContract(simulatedQueue());
